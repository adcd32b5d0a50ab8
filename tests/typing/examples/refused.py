"""What type checkers must refuse: every line with the comment, and no other."""

from mkunit import DropIn, Mount, Path, Service, Slice, Socket, Target, Timer, cmd, param, unix

Service("a", exec_strat="/bin/true")  # refused
Service("a", exec_start=3)  # refused
Service("a", listen=[80])  # refused
Service("a", environment={"A": object()})  # refused
Service("a", private_tmp=["yes"])  # refused
Service("a", on_calendar="daily")  # refused
Service(3)  # refused
Socket("a", acept=True)  # refused
Socket("a", listen=[1.5])  # refused
Socket("a", activates=3)  # refused
Socket("a", exec_start="/bin/true")  # refused
Timer("a", persistent={})  # refused
Path("a", path_changd="/x")  # refused
Mount("/a", wat="/dev/sda1")  # refused
Target("a", memory_max="1G")  # refused
Slice("a", exec_start="/bin/true")  # refused
DropIn("a.service", scope="global")  # refused
cmd("/bin/true", None)  # refused
unix("/run/x", kind="packet")  # refused
param("list", [1])  # refused
