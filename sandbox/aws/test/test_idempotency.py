"""Client tokens: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html"""

from __future__ import annotations

from support import IMAGE, Network, client_of, unique


def test_calls_with_the_same_client_token_are_executed_once(network: Network) -> None:
    machine = {"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1, "SubnetId": network.subnets[0]}
    token = unique("token")
    ids = [network.ec2.run_instances(**machine, ClientToken=token)["Instances"][0]["InstanceId"] for _ in range(2)]
    other = network.ec2.run_instances(**machine, ClientToken=unique("token"))["Instances"][0]["InstanceId"]
    assert ids[0] == ids[1] != other
    found = network.ec2.describe_instances(Filters=[{"Name": "subnet-id", "Values": network.subnets[:1]}])["Reservations"]
    assert len(found) == 2


def test_a_secret_with_the_same_request_token_is_created_once() -> None:
    secrets, name, token = client_of("secretsmanager"), unique("secret"), unique("token-of-at-least-32-characters")
    arns = {secrets.create_secret(Name=name, SecretString="x", ClientRequestToken=token)["ARN"] for _ in range(2)}
    assert len(arns) == 1
