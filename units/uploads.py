"""What visitors upload is sorted as soon as it arrives: a path unit, and its service."""

from _shared import service
from mkunit import Path, Service

uploads = Service(
    "shop-uploads",
    description="Sort what visitors have uploaded",
    type="oneshot",
    exec_start="/usr/bin/find %S/shop/incoming -type f -exec /usr/bin/mv --target-directory=%S/shop {} +",
    state_directory=["shop", "shop/incoming"],
    **service,
)

uploads_path = Path(
    "shop-uploads",
    directory_not_empty="/var/lib/shop/incoming",
    activates=uploads,
)
