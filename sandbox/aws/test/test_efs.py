"""EFS: https://docs.aws.amazon.com/efs/latest/ug/API_Operations.html"""

from __future__ import annotations

import json

from support import Network, client_of, refused, unique

efs = client_of("efs")


def make_file_system() -> str:
    identifier: str = efs.create_file_system(CreationToken=unique("token"), Encrypted=True)["FileSystemId"]
    return identifier


def test_a_file_system_and_a_mount_target_are_created_before_they_are_available(network: Network) -> None:
    made = efs.create_file_system(CreationToken=unique("token"))
    system = made["FileSystemId"]
    states = [made, *(efs.describe_file_systems(FileSystemId=system)["FileSystems"][0] for _ in range(2))]
    assert [state["LifeCycleState"] for state in states] == ["creating", "creating", "available"]
    target = efs.create_mount_target(FileSystemId=system, SubnetId=network.subnets[0])
    found = [efs.describe_mount_targets(FileSystemId=system)["MountTargets"][0] for _ in range(2)]
    assert [state["LifeCycleState"] for state in (target, *found)] == ["creating", "creating", "available"]


def test_only_efs_deletes_the_interface_of_a_mount_target(network: Network) -> None:
    system = make_file_system()
    target = efs.create_mount_target(FileSystemId=system, SubnetId=network.subnets[0], SecurityGroups=[network.group])["MountTargetId"]
    (interface,) = network.interfaces(description=f"Mount target {target} for file system {system}")
    assert interface["RequesterManaged"] and interface["SubnetId"] == network.subnets[0]
    assert [group["GroupId"] for group in interface["Groups"]] == [network.group]
    with refused("InvalidParameterValue"):
        network.ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    with refused("DependencyViolation"):
        network.ec2.delete_security_group(GroupId=network.group)
    with refused("DependencyViolation"):
        network.ec2.delete_subnet(SubnetId=network.subnets[0])
    efs.delete_mount_target(MountTargetId=target)
    assert network.interfaces() == []
    network.ec2.delete_security_group(GroupId=network.group)


def test_a_zone_has_one_mount_target_and_a_used_file_system_stays(network: Network) -> None:
    system = make_file_system()
    target = efs.create_mount_target(FileSystemId=system, SubnetId=network.subnets[0])["MountTargetId"]
    with refused("MountTargetConflict"):
        efs.create_mount_target(FileSystemId=system, SubnetId=network.subnets[0])
    with refused("MountTargetConflict"):
        efs.create_mount_target(FileSystemId=system, SubnetId=Network().subnets[1])
    with refused("FileSystemInUse"):
        efs.delete_file_system(FileSystemId=system)
    efs.delete_mount_target(MountTargetId=target)
    efs.delete_file_system(FileSystemId=system)
    with refused("FileSystemNotFound"):
        efs.describe_file_systems(FileSystemId=system)


def test_a_creation_token_and_a_client_token_are_used_once() -> None:
    token = unique("token")
    system = efs.create_file_system(CreationToken=token)["FileSystemId"]
    with refused("FileSystemAlreadyExists"):
        efs.create_file_system(CreationToken=token)
    point = efs.create_access_point(ClientToken="pvc-1", FileSystemId=system)["AccessPointId"]
    with refused("AccessPointAlreadyExists"):
        efs.create_access_point(ClientToken="pvc-1", FileSystemId=system)
    with refused("FileSystemNotFound"):
        efs.create_access_point(ClientToken="pvc-1", FileSystemId="fs-0123456789abcdef0")
    efs.delete_access_point(AccessPointId=point)
    with refused("AccessPointNotFound"):
        efs.delete_access_point(AccessPointId=point)


def test_policies_and_modes_are_stored_and_changed() -> None:
    system = make_file_system()
    with refused("PolicyNotFound"):
        efs.describe_file_system_policy(FileSystemId=system)
    efs.put_file_system_policy(FileSystemId=system, Policy=json.dumps({"Version": "2012-10-17", "Statement": []}))
    assert "Statement" in efs.describe_file_system_policy(FileSystemId=system)["Policy"]
    efs.delete_file_system_policy(FileSystemId=system)
    with refused("PolicyNotFound"):
        efs.describe_file_system_policy(FileSystemId=system)
    with refused("FileSystemNotFound"):
        efs.describe_file_system_policy(FileSystemId="fs-0123456789abcdef0")
    for status in ("ENABLED", "DISABLED"):
        efs.put_backup_policy(FileSystemId=system, BackupPolicy={"Status": status})
        assert efs.describe_backup_policy(FileSystemId=system)["BackupPolicy"] == {"Status": status}
    efs.update_file_system(FileSystemId=system, ThroughputMode="provisioned", ProvisionedThroughputInMibps=64)
    changed = efs.describe_file_systems(FileSystemId=system)["FileSystems"][0]
    assert (changed["ThroughputMode"], changed["ProvisionedThroughputInMibps"]) == ("provisioned", 64)
