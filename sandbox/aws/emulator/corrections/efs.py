"""EFS: states of file systems and mount targets, network interfaces that only AWS deletes, policies, and access points:
repeated calls with the same client token create only one access point.
"""

from __future__ import annotations

import json
from typing import Any

from moto.efs.exceptions import AccessPointNotFound, EFSError, FileSystemNotFound
from moto.efs.models import EFSBackend, FileSystem, MountTarget
from moto.efs.responses import EFSResponse

from .ec2.interfaces import mark_as_requester_managed
from .patching import adds, corrects

# A new file system or mount target is `creating` in the answer to its creation and in the first description:
# https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html, https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
_CREATING_ANSWERS = 2

_JSON = {"Content-Type": "application/json"}


class _AccessPointAlreadyExists(EFSError):
    code = 409

    def __init__(self, access_point_id: str) -> None:
        super().__init__("AccessPointAlreadyExists", f"Access point already exists with access point ID {access_point_id}")


def _answer(original: Any, resource: Any) -> dict[str, Any]:
    shown = getattr(resource, "_shown", 0) + 1
    resource._shown = shown
    resource.life_cycle_state = "creating" if shown <= _CREATING_ANSWERS else "available"
    answer: dict[str, Any] = original(resource)
    return answer


corrects(FileSystem, "info_json")(_answer)
corrects(MountTarget, "info_json")(_answer)


def _file_system(backend: EFSBackend, identifier: str) -> FileSystem:
    if identifier not in backend.file_systems_by_id:
        raise FileSystemNotFound(identifier)
    return backend.file_systems_by_id[identifier]


@corrects(EFSBackend, "create_mount_target")
def create_mount_target(original: Any, backend: EFSBackend, file_system_id: str, *arguments: Any, **options: Any) -> MountTarget:
    # A mount target's network interface is requester-managed: https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
    target: MountTarget = original(backend, file_system_id, *arguments, **options)
    interface = backend.ec2_backend.enis[target.network_interface_id]
    mark_as_requester_managed(interface, "efs", "amazon-elasticfilesystem", f"Mount target {target.mount_target_id} for file system {file_system_id}")
    return target


@corrects(EFSBackend, "create_access_point")
def create_access_point(original: Any, backend: EFSBackend, client_token: str, tags: Any, file_system_id: str, *arguments: Any, **options: Any) -> Any:
    # https://docs.aws.amazon.com/efs/latest/ug/API_CreateAccessPoint.html has these errors: FileSystemNotFound, AccessPointAlreadyExists
    _file_system(backend, file_system_id)
    for known in backend.access_points.values():
        if known.client_token == client_token and known.file_system_id == file_system_id:
            raise _AccessPointAlreadyExists(known.access_point_id)
    return original(backend, client_token, tags, file_system_id, *arguments, **options)


@corrects(EFSBackend, "delete_access_point")
def delete_access_point(original: Any, backend: EFSBackend, access_point_id: str) -> None:
    # https://docs.aws.amazon.com/efs/latest/ug/API_DeleteAccessPoint.html has this error: AccessPointNotFound
    if access_point_id not in backend.access_points:
        raise AccessPointNotFound(access_point_id)
    original(backend, access_point_id)


@corrects(EFSBackend, "describe_backup_policy")
def describe_backup_policy(original: Any, backend: EFSBackend, file_system_id: str) -> dict[str, str]:
    file_system = _file_system(backend, file_system_id)
    status = getattr(file_system, "_backup_status", None)
    if status is not None:
        return {"Status": status}
    policy: dict[str, str] = original(backend, file_system_id)
    return policy


@corrects(EFSBackend, "describe_file_system_policy")
def describe_file_system_policy(original: Any, backend: EFSBackend, file_system_id: str) -> str:
    # https://docs.aws.amazon.com/efs/latest/ug/API_DescribeFileSystemPolicy.html: an unknown file system gets FileSystemNotFound, not PolicyNotFound
    _file_system(backend, file_system_id)
    policy: str = original(backend, file_system_id)
    return policy


@adds(EFSResponse)
def put_backup_policy(self: EFSResponse) -> Any:
    # https://docs.aws.amazon.com/efs/latest/ug/API_PutBackupPolicy.html. ENABLING and DISABLING are left out.
    file_system = _file_system(self.efs_backend, self._get_param("FileSystemId"))
    file_system._backup_status = self._get_param("BackupPolicy")["Status"]  # type: ignore[attr-defined]
    return json.dumps({"BackupPolicy": {"Status": file_system._backup_status}}), _JSON  # type: ignore[attr-defined]


@adds(EFSResponse)
def delete_file_system_policy(self: EFSResponse) -> Any:
    # https://docs.aws.amazon.com/efs/latest/ug/API_DeleteFileSystemPolicy.html
    _file_system(self.efs_backend, self._get_param("FileSystemId")).file_system_policy = None
    return "{}", _JSON


@adds(EFSResponse)
def update_file_system(self: EFSResponse) -> Any:
    # https://docs.aws.amazon.com/efs/latest/ug/API_UpdateFileSystem.html. The limits on how often a mode changes are left out.
    file_system = _file_system(self.efs_backend, self._get_param("FileSystemId"))
    mode = self._get_param("ThroughputMode")
    if mode:
        file_system.throughput_mode = mode
    provisioned = self._get_param("ProvisionedThroughputInMibps")
    file_system.provisioned_throughput_in_mibps = provisioned if file_system.throughput_mode == "provisioned" else None  # type: ignore[assignment]
    return json.dumps(file_system.info_json()), {"status": 202, **_JSON}
