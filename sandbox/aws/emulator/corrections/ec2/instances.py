"""Instances: the AMI must exist, the volumes come from the AMI and the request, and termination releases everything.

moto accepts any AMI id, ignores the AMI's root device and most settings of volumes, and keeps interfaces and addresses of terminated instances.
"""

from __future__ import annotations

import base64
import copy
from typing import Any

from moto.core.types import Base64EncodedString
from moto.core.utils import utcnow
from moto.ec2.models.elastic_network_interfaces import NetworkInterface, NetworkInterfaceBackend
from moto.ec2.models.instances import Instance, InstanceBackend
from moto.ec2.responses.instances import InstanceResponse

from ..patching import corrects
from . import associations, offerings
from .errors import refusal
from .images import require_image
from .interfaces import internal_name

Mapping = dict[str, Any]


def _merge(image: list[Mapping], requested: list[Mapping]) -> dict[str, Mapping]:
    """The AMI's devices and the request's. The request's settings of a device override the AMI's settings of the same
    device: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
    """
    devices: dict[str, Mapping] = {mapping["DeviceName"]: dict(mapping["Ebs"]) for mapping in image}
    for mapping in requested:
        name = mapping["DeviceName"]
        if "NoDevice" in mapping:
            devices.pop(name, None)
        elif "Ebs" in mapping:
            devices[name] = {**devices.get(name, {}), **{key: value for key, value in mapping["Ebs"].items() if value is not None}}
    return devices


def _make_volumes(backend: Any, instance: Instance, devices: dict[str, Mapping], tags: dict[str, str]) -> None:
    for device, ebs in devices.items():
        volume = backend.create_volume(
            size=ebs.get("VolumeSize"),
            zone_name=instance.placement.zone,
            snapshot_id=ebs.get("SnapshotId"),
            encrypted=bool(ebs.get("Encrypted", False)),
            kms_key_id=ebs.get("KmsKeyId"),
            volume_type=ebs.get("VolumeType"),
            iops=ebs.get("Iops"),
            throughput=ebs.get("Throughput"),
        )
        volume.add_tags(tags)
        backend.attach_volume(volume.id, instance.id, device, bool(ebs.get("DeleteOnTermination", False)))


def _require_free_address(backend: Any, options: Mapping) -> None:
    for subnet_id, address in [(options.get("subnet_id"), options.get("private_ip"))] + [
        (nic.get("SubnetId"), nic.get("PrivateIpAddress")) for nic in options.get("nics") or []
    ]:
        if subnet_id and address and address in backend.get_subnet(subnet_id)._subnet_ips:
            raise refusal("InvalidIPAddress.InUse", f"Address {address} is in use.")


def _require_offered(backend: Any, instance_type: str | None, options: Mapping) -> None:
    """Refuses an instance type that the subnet's zone does not offer. Code and text are those of openshift/installer#1790; the zones in the text may differ."""
    subnet_id = options.get("subnet_id") or next((nic.get("SubnetId") for nic in options.get("nics") or []), None)
    if not instance_type or not subnet_id:
        return
    zone = backend.get_subnet(subnet_id).availability_zone
    offers = {offer["Location"] for offer in offerings.of(backend, "availability-zone") if offer["InstanceType"] == instance_type}
    # moto's lists don't contain local and wavelength zones.
    if offers and zone not in offers and zone in offerings.zones(backend):
        raise refusal(
            "Unsupported",
            f"Your requested instance type ({instance_type}) is not supported in your requested Availability Zone ({zone}). "
            f"Please retry your request by not specifying an Availability Zone or choosing {', '.join(sorted(offers))}.",
        )


def _require_one_vpc(backend: Any, options: Mapping) -> None:
    groups = [(options.get("subnet_id"), options.get("security_group_ids") or [])]
    for subnet_id, group_ids in groups + [(nic.get("SubnetId"), nic.get("Groups") or []) for nic in options.get("nics") or []]:
        for group in [backend.get_security_group_from_id(group_id) for group_id in group_ids if isinstance(group_id, str)]:
            if subnet_id and group is not None and group.vpc_id != backend.get_subnet(subnet_id).vpc_id:
                raise refusal("InvalidParameter", f"Security group {group.id} and subnet {subnet_id} belong to different networks.")


@corrects(InstanceBackend, "run_instances")
def run_instances(original: Any, backend: Any, image_id: str, count: int, user_data: Any, names: list[str], **options: Any) -> Any:
    template = backend._get_template_from_args(options["launch_template"]).data if options.get("launch_template") else {}
    image = require_image(backend, image_id or str(template.get("ImageId")))
    key_name = options.get("key_name") or template.get("KeyName")
    if key_name and key_name not in backend.key_pairs:
        raise refusal("InvalidKeyPair.NotFound", f"The key pair '{key_name}' does not exist")
    _require_free_address(backend, options)
    _require_one_vpc(backend, options)
    _require_offered(backend, options.get("instance_type") or template.get("InstanceType"), options)
    requested = [*(template.get("BlockDeviceMappings") or []), *(options.get("block_device_mappings") or [])]
    devices = _merge(image.block_device_mappings, requested)
    tags = options.get("tags") or {}

    # An empty list, because moto creates a volume itself if the parameter is absent.
    reservation = original(backend, image_id, count, user_data, names, **{**options, "block_device_mappings": []})
    for instance in reservation.instances:
        _configure_interfaces(instance, options.get("nics") or [], tags.get("network-interface", {}))
        _make_volumes(backend, instance, devices, tags.get("volume", {}))
    return reservation


def _configure_interfaces(instance: Instance, specifications: list[Mapping], tags: dict[str, str]) -> None:
    """Interfaces that were created with an instance are deleted with it, unless the request says otherwise. Existing interfaces are kept."""
    by_index = {int(specification["DeviceIndex"]): specification for specification in specifications}
    for index, interface in instance.nics.items():
        specification = by_index.get(index, {})
        if "NetworkInterfaceId" in specification:
            continue
        interface.delete_on_termination = bool(specification.get("DeleteOnTermination", True))
        interface.description = specification.get("Description", "")
        interface.add_tags(tags)
    instance.security_groups = list(instance.nics[0]._group_set)


@corrects(InstanceResponse, "_parse_block_device_mapping")
def parse_block_device_mapping(original: Any, self: Any) -> list[Mapping]:
    # moto drops some of the fields, and requires a size even if the AMI has one.
    return [copy.deepcopy(dict(mapping)) for mapping in self._get_param("BlockDeviceMappings", [])]


@corrects(InstanceResponse, "run_instances")
def run_instances_response(original: Any, self: Any) -> Any:
    result = original(self)
    instances = result._result.instances
    profile = self.ec2_backend.iam_instance_profile_associations.get(instances[0].id)
    for instance in instances:
        instance.disable_api_termination = bool(self._get_param("DisableApiTermination", False))
        # moto gives the instance profile only to the first instance of a reservation.
        if profile is not None and instance is not instances[0]:
            self.ec2_backend.associate_iam_instance_profile(instance_id=instance.id, iam_instance_profile_name=profile.iam_instance_profile.name)
    return result


@corrects(Instance, "terminate")
def terminate(original: Any, self: Instance) -> Any:
    # A terminated instance has no address, interface or security group:
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html
    if self.state == "terminated":
        return copy.copy(self._state)
    backend = self.ec2_backend
    interfaces = list(self.nics.values())
    for elastic in backend.addresses:
        if elastic.instance is self or elastic.eni in interfaces:
            associations.end(elastic)
    previous = original(self)
    for interface in interfaces:
        if interface.id in backend.enis:
            self.detach_eni(interface)
    self.nics = {}
    self.security_groups = []
    self._subnet_id = None
    return previous


def _private_ip(instance: Instance) -> str | None:
    return instance.nics[0].private_ip_address if 0 in instance.nics else None


def _public_ip(instance: Instance) -> str | None:
    return instance.nics[0].public_ip if 0 in instance.nics else None


def _private_dns_name(instance: Instance) -> str:
    address = _private_ip(instance)
    return internal_name(address, instance.region_name) if address else ""


Instance.private_ip = Instance.private_ip_address = property(_private_ip)  # type: ignore[assignment,method-assign]
Instance.public_ip = Instance.public_ip_address = property(_public_ip)  # type: ignore[assignment,method-assign]
Instance.private_dns_name = property(_private_dns_name)  # type: ignore[assignment,method-assign]
# An interface has its own security groups. moto adds the instance's security groups to every interface, even to a second one.
NetworkInterface.group_set = property(lambda self: list(self._group_set))  # type: ignore[assignment,method-assign]


@corrects(InstanceBackend, "modify_instance_security_groups")
def modify_instance_security_groups(original: Any, backend: Any, instance_id: str, new_group_id_list: list[str]) -> Instance:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html: the new security groups are
    # those of the primary network interface.
    instance: Instance = original(backend, instance_id, new_group_id_list)
    instance.nics[0]._group_set = list(instance.security_groups)
    return instance


@corrects(NetworkInterfaceBackend, "modify_network_interface_attribute")
def modify_network_interface_attribute(original: Any, backend: Any, eni_id: str, *arguments: Any, **options: Any) -> None:
    original(backend, eni_id, *arguments, **options)
    interface = backend.get_network_interface(eni_id)
    if interface.instance is not None and interface.device_index == 0:
        interface.instance.security_groups = list(interface._group_set)


@corrects(InstanceResponse, "_dot_value_instance_attribute_handler")
def modify_user_data(original: Any, response: Any) -> bool:
    """Corrects moto, which decodes new user data twice, and accepts new user data even for a running instance."""
    value = response._get_param("UserData.Value")
    if not isinstance(value, bytes):
        return bool(original(response))
    response.error_on_dryrun()
    identifier = response._get_param("InstanceId")
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html: "you must first stop the instance".
    if response.ec2_backend.get_instance(identifier).state != "stopped":
        raise refusal("IncorrectInstanceState", f"The instance '{identifier}' is not in the 'stopped' state.")
    response.ec2_backend.modify_instance_attribute(identifier, "user_data", Base64EncodedString(base64.b64encode(value).decode()))
    return True


@corrects(Instance, "start")
def start(original: Any, instance: Instance) -> Any:
    # A start is a launch: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html (launchTime)
    if instance._state.name == "stopped":
        instance.launch_time = utcnow()
    return original(instance)
