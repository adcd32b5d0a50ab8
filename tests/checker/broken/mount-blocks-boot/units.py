from mkunit import Mount

Mount(
    "/mnt/backup",
    what="/dev/disk/by-label/backup",
    required_by="local-fs.target",  # here: mount-blocks-boot
)
