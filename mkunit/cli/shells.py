"""Completions as scripts for bash, zsh and fish: all that is known beforehand is in them, and unit names are looked up.

They start no Python, so that they answer at once; after an update of mkunit they are to be made again.
"""

from collections.abc import Iterable, Sequence

from mkunit import catalog
from mkunit.cli.surface import DIRECTIVES, FILES, FOLDERS, GROUPS, NOTHING, UNITS, USERS, Command, Flag

_FOLDERS = (
    "/etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system "
    '/lib/systemd/system /etc/systemd/user /usr/lib/systemd/user "$HOME/.config/systemd/user"'
)


_BASH = """\
# bash completion for mkunit: eval "$(mkunit completions bash)"
_mkunit_units() {
    local folder file
    for folder in @folders@; do
        for file in "$folder/$1"*; do
            case $file in
                @kinds@) [[ -d $file ]] || COMPREPLY+=("${file##*/}") ;;
            esac
        done
    done
}
_mkunit_words() { mapfile -t COMPREPLY < <(compgen -W "$2" -- "$1"); }
_mkunit_paths() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen "$2" -- "$1"); }
_mkunit() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command='' i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
            -C) ((i++)) ;;
            -*) ;;
            *) command=${COMP_WORDS[i]}; break ;;
        esac
    done
    case $command in
    '')"""


def bash(commands: Sequence[Command], root: Sequence[Flag]) -> str:
    """For bash, which gets `complete -F`."""
    kinds = "|".join(f"*.{kind}" for kind in catalog.kinds())
    lines = [_BASH.replace("@folders@", _FOLDERS).replace("@kinds@", kinds)]
    lines += [*_bash_body(root, NOTHING, [command.name for command in commands]), "        ;;"]
    for command in commands:
        lines += [f"    {command.name})", *_bash_body(command.flags, command.sort, command.words), "        ;;"]
    return "\n".join([*lines, "    esac", "}", "complete -F _mkunit mkunit"]) + "\n"


def _bash_body(flags: Iterable[Flag], sort: str, words: Sequence[str]) -> list[str]:
    flags = list(flags)
    lines = ["        case $prev in"]
    lines += [
        f"            {'|'.join(flag.names)}) {_bash_value(flag.sort, flag.words)}; return ;;"
        for flag in flags
        if flag.metavar is not None and (flag.words or not flag.optional)
    ]
    lines += ["        esac", "        if [[ $cur == -* ]]; then"]
    lines.append(f"            _mkunit_words \"$cur\" '{' '.join(name for flag in flags for name in flag.names)}'")
    return [*lines, "        else", f"            {_bash_value(sort, words)}", "        fi"]


def _bash_value(sort: str, words: Sequence[str]) -> str:
    known = {UNITS: '_mkunit_units "$cur"', FILES: '_mkunit_paths "$cur" -f', FOLDERS: '_mkunit_paths "$cur" -d',
             USERS: '_mkunit_paths "$cur" -u', GROUPS: '_mkunit_paths "$cur" -g'}  # fmt: skip
    listed = f"_mkunit_words \"$cur\" '{' '.join(words)}'"
    if sort == DIRECTIVES:
        return f"compopt -o nospace; {listed}"
    if sort == UNITS and words:
        return f"{listed}; {known[UNITS]}"
    return known.get(sort, listed if words else ":")


_ZSH = """\
#compdef mkunit
_mkunit_units() {
    local -a found
    found=({@folders@}/*.(@kinds@)(N:t))
    _describe unit found
}
_mkunit_commands() { local -a found; found=(@commands@); _describe command found }
_mkunit() {
    local state line curcontext=$curcontext
    typeset -A opt_args
    _arguments -C @flags@ '1:command:_mkunit_commands' '*::argument:->command'
    [[ $state == command ]] || return
    case $words[1] in"""
_ZSH_END = """\
    esac
}
if [[ $funcstack[1] == _mkunit ]]; then
    _mkunit "$@"
else
    compdef _mkunit mkunit
fi
"""


def zsh(commands: Sequence[Command], root: Sequence[Flag]) -> str:
    """For zsh: a function in a file `_mkunit` of $fpath, or by `source <(…)`."""
    names = " ".join(_quoted(f"{command.name}:{command.summary}") for command in commands)
    head = _ZSH.replace("@folders@", _FOLDERS.replace(" ", ",")).replace("@kinds@", "|".join(catalog.kinds()))
    lines = [head.replace("@commands@", names).replace("@flags@", " ".join(map(_zsh_flag, root)))]
    for command in commands:
        lines += [f"    {command.name})", "        _arguments \\"]
        lines += [f"            {_zsh_flag(flag)} \\" for flag in command.flags]
        lines += [f"            '*:argument:{_zsh_value(command.sort, command.words)}'", "        ;;"]
    return "\n".join([*lines, _ZSH_END])


def _zsh_flag(flag: Flag) -> str:
    text = flag.help.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")
    value = (
        ""
        if flag.metavar is None
        else f"{':' if not flag.optional else '::'}{flag.metavar}:{_zsh_value(flag.sort, flag.words)}"
    )
    specs = []
    for name in flag.names:
        equals = "" if flag.metavar is None else "=" if name.startswith("--") else "+"
        specs.append(_quoted(f"*{name}{equals}[{text}]{value}"))
    return " ".join(specs)


def _zsh_value(sort: str, words: Sequence[str]) -> str:
    known = {UNITS: "_mkunit_units", FILES: "_files", FOLDERS: "_files -/", USERS: "_users", GROUPS: "_groups"}
    if sort == DIRECTIVES:
        return f'{{compadd -S "" -- {" ".join(words)}}}'
    if words and sort == UNITS:
        return f"{{_mkunit_units; compadd -- {' '.join(words)}}}"
    return known.get(sort, f"({' '.join(words)})" if words else " ")


_FISH = """\
# fish completion for mkunit: mkunit completions fish | source
function __mkunit_units
    for folder in @folders@
        for file in @files@
            string replace -r '.*/' '' -- $file
        end
    end
end
function __mkunit_command
    set -l words (commandline -opc)[2..-1]
    set -l skip 0
    for word in $words
        if test $skip = 1
            set skip 0
        else if test $word = -C
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
            return
        end
    end
end
function __mkunit_is
    test "$(__mkunit_command)" = "$argv[1]"
end
complete -c mkunit -f"""


def fish(commands: Sequence[Command], root: Sequence[Flag]) -> str:
    """For fish: a file mkunit.fish in its completions."""
    patterns = " ".join(f"$folder/*.{kind}" for kind in catalog.kinds())
    lines = [_FISH.replace("@folders@", _FOLDERS).replace("@files@", patterns)]
    first = "complete -c mkunit -n '__mkunit_is \"\"'"
    lines += [f"{first} -a {command.name} -d {_fish(command.summary)}" for command in commands]
    lines += [line for flag in root for line in _fish_flag(flag, "")]
    for command in commands:
        if given := _fish_words(command.sort, command.words):
            lines.append(f"complete -c mkunit -n '__mkunit_is {command.name}' {given}")
        lines += [line for flag in command.flags for line in _fish_flag(flag, command.name)]
    return "\n".join(lines) + "\n"


def _fish_flag(flag: Flag, command: str) -> Iterable[str]:
    names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in flag.names)
    value = "" if flag.metavar is None else " -r" if not flag.optional else ""
    given = _fish_words(flag.sort, flag.words) if flag.metavar is not None else ""
    condition = f"__mkunit_is {command}" if command else '__mkunit_is ""'
    yield f"complete -c mkunit -n '{condition}' {names}{value} {given} -d {_fish(flag.help)}".replace("  ", " ")


def _fish_words(sort: str, words: Sequence[str]) -> str:
    known = {UNITS: "(__mkunit_units)", FOLDERS: "(__fish_complete_directories)",
             USERS: "(__fish_complete_users)", GROUPS: "(__fish_complete_groups)"}  # fmt: skip
    if sort == FILES:
        return "-F"
    # Of two lists fish takes the last: what is looked up and what is known stand in one.
    listed = ([known[sort]] if sort in known else []) + list(words)
    return f"-a {_fish(' '.join(listed))}" if listed else ""


def _fish(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _quoted(text: str) -> str:
    escaped = text.replace("'", "'\\''")
    return f"'{escaped}'"
