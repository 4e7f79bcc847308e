"""IAM: the list of an instance profile's tags, an error if a removed role is not in the instance profile, and refused deletions.

moto deletes a policy that is attached or has other versions, and a user with access keys. AWS refuses these deletions.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import DeleteConflictException, NoSuchEntity
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse

from .patching import adds, corrects


@adds(IamResponse)
def list_instance_profile_tags(self: Any) -> ActionResult:
    # moto lacks this action: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfileTags.html
    profile = self.backend.get_instance_profile(self._get_param("InstanceProfileName"))
    return ActionResult({"Tags": profile.tags, "IsTruncated": False})


@corrects(IAMBackend, "remove_role_from_instance_profile")
def remove_role_from_instance_profile(original: Any, backend: Any, profile_name: str, role_name: str) -> None:
    # NoSuchEntity: https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveRoleFromInstanceProfile.html; the provider treats it as success
    # (hashicorp/terraform-provider-aws, internal/service/iam/instance_profile.go, main). The error's text is a guess.
    if backend.get_role(role_name) not in backend.get_instance_profile(profile_name).roles:
        raise NoSuchEntity(f"The role with name {role_name} cannot be found in the instance profile {profile_name}.")
    original(backend, profile_name, role_name)


@corrects(IAMBackend, "delete_policy")
def delete_policy(original: Any, backend: Any, policy_arn: str) -> None:
    # The policy must be detached and its other versions deleted first: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
    policy = backend.get_policy(policy_arn)
    if policy.attachment_count:
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise DeleteConflictException("This policy has more than one version. Before you delete a policy, you must delete the policy's versions.")
    original(backend, policy_arn)


@corrects(IAMBackend, "delete_user")
def delete_user(original: Any, backend: Any, user_name: str) -> None:
    # The access keys must be deleted first: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
    if backend.get_user(user_name).access_keys:
        raise DeleteConflictException("Cannot delete entity, must delete access keys first.")
    original(backend, user_name)
