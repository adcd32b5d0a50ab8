from mkunit import Automount

Automount("/mnt/backup")  # here: automount-without-mount
