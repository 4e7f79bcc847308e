"""Instances are described as they were requested. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html"""

from __future__ import annotations

import base64
import time
from typing import Any

from support import IMAGE, REGION, Network, client_of, refused, unique

ec2 = client_of("ec2")


def run(network: Network, **options: Any) -> dict[str, Any]:
    options = {"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1, "SubnetId": network.subnets[0], **options}
    if "NetworkInterfaces" in options:
        options.pop("SubnetId")
    return ec2.run_instances(**options)["Instances"][0]


def volumes(instance: dict[str, Any]) -> list[dict[str, Any]]:
    return ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [instance["InstanceId"]]}])["Volumes"]


def root(**ebs: Any) -> list[dict[str, Any]]:
    return [{"DeviceName": "/dev/xvda", "Ebs": ebs}]


def test_the_request_overrides_the_images_root_volume(network: Network) -> None:
    key = client_of("kms").create_key()["KeyMetadata"]
    asked = {"VolumeSize": 120, "VolumeType": "gp3", "Iops": 4000, "Throughput": 250, "Encrypted": True, "KmsKeyId": key["KeyId"]}
    tags = [{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": "root"}]}]
    instance = run(network, BlockDeviceMappings=root(**asked), TagSpecifications=tags)
    (volume,) = volumes(instance)
    told = {name: volume[source] for name, source in {**{name: name for name in asked}, "VolumeSize": "Size"}.items()}
    assert told == {**asked, "KmsKeyId": key["Arn"]}
    assert volume["Tags"] == [{"Key": "Name", "Value": "root"}]
    assert volume["SnapshotId"].startswith("snap-")
    assert volume["Attachments"][0]["Device"] == instance["RootDeviceName"] == "/dev/xvda"
    assert volume["Attachments"][0]["DeleteOnTermination"] is True


def test_an_instance_has_the_images_root_volume_by_default(network: Network) -> None:
    (volume,) = volumes(run(network))
    assert (volume["Size"], volume["VolumeType"], volume["Encrypted"], volume["Iops"]) == (16, "gp2", False, 100)


def test_encryption_uses_awss_own_key_by_default_and_gp3_has_its_defaults(network: Network) -> None:
    (volume,) = volumes(run(network, BlockDeviceMappings=root(VolumeType="gp3", Encrypted=True)))
    assert (volume["Iops"], volume["Throughput"], volume["Encrypted"]) == (3000, 125, True)
    assert client_of("kms").describe_key(KeyId=volume["KmsKeyId"])["KeyMetadata"]["KeyManager"] == "AWS"


def test_a_retained_volume_exists_after_termination(network: Network) -> None:
    extra = {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 50, "DeleteOnTermination": False}}
    instance = run(network, BlockDeviceMappings=[*root(VolumeSize=20), extra])
    assert {volume["Size"] for volume in volumes(instance)} == {20, 50}
    (kept,) = [volume["VolumeId"] for volume in volumes(instance) if volume["Size"] == 50]
    ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    assert ec2.describe_volumes(VolumeIds=[kept])["Volumes"][0]["State"] == "available"


def test_metadata_options_and_protection_are_described(network: Network) -> None:
    options = {"HttpTokens": "required", "HttpPutResponseHopLimit": 2, "HttpEndpoint": "enabled"}
    instance = run(network, MetadataOptions=options, DisableApiTermination=True)["InstanceId"]
    described = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]["MetadataOptions"]
    assert {key: described[key] for key in options} == options
    assert ec2.describe_instance_attribute(InstanceId=instance, Attribute="disableApiTermination")["DisableApiTermination"]["Value"] is True
    with refused("OperationNotPermitted"):
        ec2.terminate_instances(InstanceIds=[instance])
    ec2.modify_instance_attribute(InstanceId=instance, DisableApiTermination={"Value": False})
    ec2.terminate_instances(InstanceIds=[instance])


def test_an_instances_groups_are_those_of_its_primary_interface(network: Network) -> None:
    other = network.make_group()
    interface = {"DeviceIndex": 0, "SubnetId": network.subnets[0], "Groups": [network.group], "AssociatePublicIpAddress": True}
    instance = run(network, NetworkInterfaces=[interface])
    assert [group["GroupId"] for group in instance["SecurityGroups"]] == [network.group]
    assert "PublicIpAddress" in ec2.describe_instances(InstanceIds=[instance["InstanceId"]])["Reservations"][0]["Instances"][0]
    ec2.modify_instance_attribute(InstanceId=instance["InstanceId"], Groups=[other])
    (primary,) = network.interfaces()
    assert [group["GroupId"] for group in primary["Groups"]] == [other]
    ec2.delete_security_group(GroupId=network.group)


def test_each_instance_has_a_different_address_of_its_subnet(network: Network) -> None:
    instance = run(network, PrivateIpAddress="10.0.1.7")
    assert instance["PrivateIpAddress"] == "10.0.1.7"
    assert instance["PrivateDnsName"] == "ip-10-0-1-7.ec2.internal"
    with refused("InvalidIPAddress.InUse"):
        run(network, PrivateIpAddress="10.0.1.7")
    ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    run(network, PrivateIpAddress="10.0.1.7")


def test_a_termination_disassociates_the_elastic_ip_address(network: Network) -> None:
    network.make_gateway()
    instance = run(network)["InstanceId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    first = ec2.associate_address(AllocationId=address, InstanceId=instance)["AssociationId"]
    for _ in range(2):  # The action is idempotent: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateAddress.html
        ec2.disassociate_address(AssociationId=first)
    second = ec2.associate_address(AllocationId=address, InstanceId=instance)["AssociationId"]
    with refused("InvalidIPAddress.InUse"):
        ec2.release_address(AllocationId=address)
    ec2.terminate_instances(InstanceIds=[instance])
    ec2.disassociate_address(AssociationId=second)
    ec2.release_address(AllocationId=address)


def test_an_unknown_key_pair_is_refused(network: Network) -> None:
    with refused("InvalidKeyPair.NotFound"):
        run(network, KeyName=unique("nobody"))


def test_a_volume_is_attached_only_once_and_only_in_its_zone(network: Network) -> None:
    instance = run(network)["InstanceId"]
    near = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
    far = ec2.create_volume(AvailabilityZone=f"{REGION}b", Size=1)["VolumeId"]
    ec2.attach_volume(VolumeId=near, InstanceId=instance, Device="/dev/sdf")
    with refused("VolumeInUse"):
        ec2.attach_volume(VolumeId=near, InstanceId=instance, Device="/dev/sdg")
    with refused("InvalidVolume.ZoneMismatch"):
        ec2.attach_volume(VolumeId=far, InstanceId=instance, Device="/dev/sdg")


def test_detaching_an_available_volume_is_refused(network: Network) -> None:
    instance = run(network)["InstanceId"]
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
    ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")
    ec2.detach_volume(VolumeId=volume, InstanceId=instance)
    with refused("IncorrectState"):
        ec2.detach_volume(VolumeId=volume, InstanceId=instance)


def test_subnets_of_a_users_vpc_are_not_default_subnets(network: Network) -> None:
    for subnet in ec2.describe_subnets(SubnetIds=network.subnets)["Subnets"]:
        assert (subnet["DefaultForAz"], subnet["MapPublicIpOnLaunch"]) == (False, False)


def test_a_group_of_another_vpc_is_refused(network: Network) -> None:
    # "For example, if you are launching an instance, you can't specify a security group and subnet that are located in different VPCs":
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidParameter)
    with refused("InvalidParameter"):
        run(network, SecurityGroupIds=[Network().group])


def test_user_data_can_be_changed_only_while_the_instance_is_stopped(network: Network) -> None:
    instance = run(network, UserData="before")["InstanceId"]
    with refused("IncorrectInstanceState"):
        ec2.modify_instance_attribute(InstanceId=instance, UserData={"Value": b"after"})
    ec2.stop_instances(InstanceIds=[instance])
    ec2.modify_instance_attribute(InstanceId=instance, UserData={"Value": b"after"})
    told = ec2.describe_instance_attribute(InstanceId=instance, Attribute="userData")["UserData"]["Value"]
    assert base64.b64decode(told) == b"after"


def test_a_start_changes_the_launch_time(network: Network) -> None:
    # The meaning of launchTime: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
    instance = run(network)["InstanceId"]

    def launched() -> Any:
        return ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]["LaunchTime"]

    before = launched()
    time.sleep(1.1)  # Launch times have a resolution of one second.
    ec2.start_instances(InstanceIds=[instance])
    assert launched() == before
    ec2.stop_instances(InstanceIds=[instance])
    ec2.start_instances(InstanceIds=[instance])
    assert launched() > before


def test_a_type_runs_only_in_zones_that_offer_it(network: Network) -> None:
    subnet = ec2.create_subnet(VpcId=network.vpc, AvailabilityZone=f"{REGION}e", CidrBlock="10.0.251.0/24")["Subnet"]["SubnetId"]
    with refused("Unsupported"):
        run(network, SubnetId=subnet, InstanceType="m6i.xlarge")
    filters = [{"Name": "instance-type", "Values": ["m6i.xlarge"]}]
    offers = ec2.describe_instance_type_offerings(LocationType="availability-zone", Filters=filters)["InstanceTypeOfferings"]
    assert f"{REGION}e" not in {offer["Location"] for offer in offers}
    gov = client_of("ec2", region="us-gov-west-1").describe_instance_type_offerings(LocationType="availability-zone", Filters=filters)
    assert {offer["Location"] for offer in gov["InstanceTypeOfferings"]} == {f"us-gov-west-1{zone}" for zone in "abc"}


def test_an_instance_of_a_common_type_has_no_topology(network: Network) -> None:
    assert ec2.describe_instance_topology(InstanceIds=[run(network)["InstanceId"]])["Instances"] == []
