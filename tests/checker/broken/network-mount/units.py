from mkunit import Mount

Mount("/mnt/bucket", what="photos:/bucket", type="fuse.rclone")  # here: network-mount
