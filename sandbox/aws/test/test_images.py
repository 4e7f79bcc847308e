"""AMIs: an unknown AMI is refused, and a copy is encrypted in its own region. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyImage.html"""

from __future__ import annotations

from typing import Any

from support import IMAGE, REGION, Network, client_of, refused, unique

here, there = client_of("ec2"), client_of("ec2", "eu-central-1")


def copy_image(**options: Any) -> str:
    return there.copy_image(Name=unique("copy"), SourceImageId=IMAGE, SourceRegion=REGION, **options)["ImageId"]


def describe(image: str) -> dict[str, Any]:
    return there.describe_images(ImageIds=[image])["Images"][0]


def test_the_releases_image_has_its_published_description() -> None:
    image = here.describe_images(ImageIds=[IMAGE])["Images"][0]
    assert image["RootDeviceName"] == "/dev/xvda"
    assert image["RootDeviceType"] == "ebs"
    assert image["Architecture"] == "x86_64"
    assert image["Public"] is True
    assert image["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"] == 16
    found = here.describe_images(Owners=["531415883065"], Filters=[{"Name": "name", "Values": ["scos-*"]}])["Images"]
    assert [one["ImageId"] for one in found] == [IMAGE]


def test_an_unknown_image_is_refused(network: Network) -> None:
    unknown = "ami-00000000000000000"
    with refused("InvalidAMIID.NotFound"):
        here.run_instances(ImageId=unknown, MinCount=1, MaxCount=1, SubnetId=network.subnets[0])
    with refused("InvalidAMIID.NotFound"):
        there.copy_image(Name="copy", SourceImageId=unknown, SourceRegion=REGION)
    with refused("InvalidAMIID.NotFound"):  # An AMI belongs to one region.
        there.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1)


def test_a_copy_is_encrypted_with_awss_own_key() -> None:
    image = copy_image(Encrypted=True)
    described = describe(image)
    ebs = described["BlockDeviceMappings"][0]["Ebs"]
    assert (described["RootDeviceName"], ebs["Encrypted"], ebs["VolumeSize"]) == ("/dev/xvda", True, 16)
    assert described.get("Description", "") == ""
    snapshot = there.describe_snapshots(SnapshotIds=[ebs["SnapshotId"]])["Snapshots"][0]
    assert snapshot["Encrypted"] is True
    key = client_of("kms", "eu-central-1").describe_key(KeyId=snapshot["KmsKeyId"])["KeyMetadata"]
    assert key["KeyManager"] == "AWS"


def test_a_copy_is_encrypted_with_the_given_key_and_tagged() -> None:
    key = client_of("kms", "eu-central-1").create_key()["KeyMetadata"]
    tags = [{"Key": "Name", "Value": "copy"}]
    specifications = [{"ResourceType": kind, "Tags": tags} for kind in ("image", "snapshot")]
    described = describe(copy_image(Encrypted=True, KmsKeyId=key["KeyId"], TagSpecifications=specifications))
    snapshot = there.describe_snapshots(SnapshotIds=[described["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]])["Snapshots"][0]
    assert snapshot["KmsKeyId"] == key["Arn"]
    assert described["Tags"] == snapshot["Tags"] == tags
    with refused("InvalidParameterDependency"):
        copy_image(KmsKeyId=key["KeyId"])


def test_a_deleted_copy_leaves_no_resource() -> None:
    def own() -> set[str]:
        return {one["SnapshotId"] for one in there.describe_snapshots(OwnerIds=["self"])["Snapshots"]}

    before = own()
    image = copy_image(Encrypted=True)
    (snapshot,) = own() - before
    with refused("InvalidSnapshot.InUse"):
        there.delete_snapshot(SnapshotId=snapshot)
    there.deregister_image(ImageId=image)
    there.delete_snapshot(SnapshotId=snapshot)
    assert own() == before
    assert there.describe_images(Owners=["self"], Filters=[{"Name": "image-id", "Values": [image]}])["Images"] == []


def test_the_user_cannot_deregister_a_published_image() -> None:
    with refused("AuthFailure"):
        here.deregister_image(ImageId=IMAGE)
