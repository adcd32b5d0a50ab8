"""Values: what systemd takes for each type, and what it does with the rest; in goes text, out come findings.

Start-up: a grammar is imported when the first value of its type is judged, and what it holds is compiled then.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from mkunit.catalog.spec import Directive, Finding, Flag, Outcome
from mkunit.catalog.values.asked import Asked

if TYPE_CHECKING:
    from mkunit.catalog.values.grammar import Grammar

Checker = Callable[[Asked], Iterator[Finding]]

_PLACES = {
    "calendar:check_calendar": "timer_calendar",
    "commands:check_command": "exec",
    "conditions:check_path": "condition_path",
    "conditions:check_value": (
        "condition_architecture condition_bool condition_capability condition_control_group_controller"
        " condition_cpu_feature condition_cpus condition_credential condition_environment condition_firmware"
        " condition_fraction condition_group condition_host condition_kernel_command_line"
        " condition_kernel_module_loaded condition_machine_tag condition_memory condition_os_release"
        " condition_pressure condition_security condition_user condition_version condition_virtualization"
    ),
    "data:check_attribute": "xattr",
    "data:check_data": "exec_input_data",
    "data:check_file_names": "managed_oom_rules",
    "data:check_import_credential": "import_credential",
    "data:check_load_credential": "load_credential",
    "data:check_open_file": "open_file",
    "data:check_pattern": "log_filter_patterns",
    "data:check_sessions": "luo_sessions",
    "data:check_set_credential": "set_credential set_credential_encrypted",
    "data:check_stream": "exec_input exec_output",
    "data:check_subgroup": "delegate_subgroup",
    "data:check_text": "exec_input_text",
    "devices:check_access": "device_allow",
    "devices:check_device_value": (
        "blockio_bandwidth blockio_device_weight io_device_latency io_device_weight io_limit"
    ),
    "devices:check_processors": "exec_cpu_affinity numa_mask unit_cpu_set",
    "enums:check_action": "emergency_action",
    "enums:check_flags": "bpf_delegate_attachments bpf_delegate_commands bpf_delegate_maps bpf_delegate_programs",
    "enums:check_hostname": "protect_hostname",
    "enums:check_kill_mode": "kill_mode",
    "enums:check_protocol": "socket_protocol",
    "enums:check_word": (
        "collect_mode cpuset_partition device_policy exec_cpu_sched_policy exec_io_class exec_keyring_mode"
        " exec_memory_thp exec_mount_propagation_flag exec_preserve_mode exec_utmp_mode ip_tos job_mode log_facility"
        " log_level managed_oom_mode managed_oom_preference notify_access numa_policy oom_policy pressure_watch"
        " private_bpf private_pids private_tmp private_users proc_subset protect_control_groups protect_home"
        " protect_proc protect_system service_exit_type service_restart service_restart_mode"
        " service_timeout_failure_mode service_type socket_bind socket_defer_trigger socket_timestamping"
    ),
    "environment:check_assignments": "environ",
    "environment:check_fields": "log_extra_fields",
    "environment:check_names": "pass_environ",
    "environment:check_unset": "unset_environ",
    "mounts:check_binds": "bind_paths",
    "mounts:check_hash": "exec_root_hash",
    "mounts:check_image_options": "root_image_options",
    "mounts:check_images": "extension_images mount_images",
    "mounts:check_node": "mount_node",
    "mounts:check_policy": "image_policy",
    "mounts:check_signature": "exec_root_hash_sig",
    "mounts:check_temporary": "temporary_filesystems",
    "names:check_account": "user_group_compat",
    "names:check_accounts": "user_group_strv_compat",
    "names:check_bus_name": "bus_name",
    "names:check_descriptor": "fdname",
    "names:check_documentation": "documentation",
    "names:check_label": "exec_apparmor_profile exec_selinux_context exec_smack_process_label",
    "names:check_namespace": "log_namespace",
    "names:check_reboot_argument": "reboot_parameter",
    "names:check_string": "string unit_string_printf",
    "network:check_bind": "cgroup_socket_bind",
    "network:check_firewall": "cgroup_nft_set",
    "network:check_interface": "bind_network_interface socket_bindtodevice",
    "network:check_interfaces": "restrict_network_interfaces",
    "network:check_prefixes": "in_addr_prefixes",
    "network:check_programs": "bpf_foreign_program",
    "numbers:check_bool": "bool job_mode_isolate tristate",
    "numbers:check_cpu_weight": "cg_cpu_weight",
    "numbers:check_integer": (
        "blockio_weight cg_weight cpu_shares exec_cpu_sched_prio exec_io_priority exec_nice exec_oom_score_adjust"
        " exit_status int long swap_priority tty_size unsigned"
    ),
    "numbers:check_mode": "mode",
    "numbers:check_or_infinity": "concurrency_max",
    "paths:check_dashed_path": "unit_env_file",
    "paths:check_directories": "exec_directories exec_directories_plain",
    "paths:check_path": "ip_filter_bpf_progs path_spec socket_listen_special unit_path_printf",
    "paths:check_paths": "unit_mounts_for unit_path_strv_printf",
    "paths:check_pid_file": "pid_file",
    "paths:check_prefixed_paths": "namespace_path_strv",
    "paths:check_search_path": "colon_separated_paths",
    "paths:check_special_path": "socket_listen_fifo socket_listen_message_queue socket_listen_usb_function",
    "paths:check_working_directory": "working_directory",
    "sets:check_architectures": "syscall_archs",
    "sets:check_capabilities": "capability_set",
    "sets:check_controllers": "disable_controllers",
    "sets:check_coredump": "exec_coredump_filter",
    "sets:check_delegate": "delegate",
    "sets:check_families": "address_families",
    "sets:check_namespaces": "namespace_flags",
    "sets:check_personality": "personality",
    "sets:check_refresh": "service_refresh_on_reload",
    "sets:check_secure_bits": "exec_secure_bits",
    "sets:check_signal": "signal",
    "sets:check_statuses": "set_status",
    "sizes:check_cpu_quota": "cpu_quota",
    "sizes:check_limit": "rlimit_nice rlimit_number rlimit_sec rlimit_size rlimit_usec",
    "sizes:check_memory": "memory_limit memory_limit_zero",
    "sizes:check_percent": "managed_oom_mem_pressure_limit",
    "sizes:check_quota": "exec_quota",
    "sizes:check_size": "iec_size",
    "sizes:check_size_long": "iec_size_long",
    "sizes:check_tasks": "tasks_max",
    "sockets:check_datagram": "socket_listen_datagram",
    "sockets:check_netlink": "socket_listen_netlink",
    "sockets:check_sequential": "socket_listen_sequential_packet",
    "sockets:check_stream": "socket_listen_stream",
    "syscalls:check_error": "syscall_errno",
    "syscalls:check_filesystems": "restrict_filesystems",
    "syscalls:check_filter": "syscall_filter syscall_log",
    "timespan:check_nanoseconds": "nsec",
    "timespan:check_pressure_duration": "managed_oom_mem_pressure_duration_sec",
    "timespan:check_span": (
        "job_running_timeout_sec job_timeout_sec sec sec_def_infinity sec_fix_0 service_timeout service_timeout_abort"
    ),
    "timespan:check_timer": "timer_span",
    "units:check_install": "install_alias install_also install_units",
    "units:check_instance": "default_instance",
    "units:check_one_unit": "trigger_unit",
    "units:check_service": "socket_service",
    "units:check_slice": "unit_slice",
    "units:check_sockets": "service_sockets",
    "units:check_units": "unit_deps obsolete_unit_deps",
}

_ONLY = {  # what some kinds have in their sections and do not take
    "delegate": ("Service", "Scope"),
    "delegate_subgroup": ("Service", "Scope"),
    "managed_oom_mem_pressure_duration_sec": ("Service", "Scope", "Slice"),
    "managed_oom_mem_pressure_limit": ("Service", "Scope", "Slice"),
    "managed_oom_mode": ("Service", "Scope", "Slice"),
    "managed_oom_rules": ("Service", "Scope", "Slice"),
}

TYPES: Mapping[str, str] = MappingProxyType({name: place for place, names in _PLACES.items() for name in names.split()})
"""For each type the module and the function that judge it."""


def check(directive: Directive, text: str, version: int, scope: str = "system") -> tuple[Finding, ...]:
    """What is wrong with one assignment's value: empty when systemd takes it and does what was written."""
    if directive.until is not None and version >= directive.until:
        return ()  # the whole line is ignored, whatever its value is
    kinds = _ONLY.get(directive.value)
    if kinds is not None and directive.section not in kinds:
        message = f"{directive.name}= has no effect in a {directive.section.lower()}"
        return (Finding(Outcome.IGNORED, message, f"leave it out; it is for a {' or a '.join(kinds).lower()}"),)
    if not text:
        return _empty(directive, version)
    place = TYPES.get(directive.value)
    return tuple(_checker(place)(Asked(directive, text, version, scope))) if place else ()


def describe(directive: Directive) -> "Grammar":
    """The grammar of a directive's value in one line, with good and bad examples."""
    from mkunit.catalog.values.grammar import grammar  # wanted by `mkunit explain` only

    return grammar(directive)


_RESETTABLE = {"PrivateMounts": 255, "ProtectHostname": 258}  # what older systemds do not take the empty value for


def _empty(directive: Directive, version: int) -> tuple[Finding, ...]:
    """What the empty assignment does."""
    if version >= _RESETTABLE.get(directive.name, version + 1):
        return ()
    if Flag.NORESET in directive.flags:
        message = f"the empty {directive.name}= has no effect: what was added stays"
        return (Finding(Outcome.LOST, message, "mask the unit, or install a whole one under its name"),)
    if Flag.NOEMPTY in directive.flags:
        outcome = Outcome.REFUSED if Flag.FATAL in directive.flags else Outcome.IGNORED
        hint = f"write the default, {f'`{directive.default}`' if directive.default else 'as the manual has it'}"
        return (Finding(outcome, f"{directive.name}= does not take the empty value", hint),)
    return ()


@cache
def _checker(place: str) -> Checker:
    module, _, name = place.partition(":")
    checker: Checker = getattr(import_module(f"{__name__}.{module}"), name)
    return checker
