from mkunit import Mount

Mount(
    "/mnt/backup",
    what="/dev/disk/by-label/backup",
    options="noatime,nofail",  # here: fstab-option
)
