"""A place for pages that are made on the fly, gone at the next boot."""

from mkunit import Mount

pages = Mount("/srv/shop pages", what="tmpfs", type="tmpfs", options="size=64M,mode=0755,nosuid,nodev")
