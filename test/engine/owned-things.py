"""Creates the resources that a running cluster creates in AWS, for each cluster on the command line, all in one VPC. Prints JSON."""

import json
import sys
from io import BytesIO

import boto3

region = "us-east-1"
ec2, efs, elb, elbv2, s3 = (boto3.client(name, region) for name in ("ec2", "efs", "elb", "elbv2", "s3"))
iam, dns = boto3.client("iam"), boto3.client("route53")
allow = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]})
trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]})


def tags(cluster, value="owned"):
    return [{"Key": f"kubernetes.io/cluster/{cluster}", "Value": value}]


def spec(kind, cluster, value="owned"):
    return [{"ResourceType": kind, "Tags": tags(cluster, value)}]


def record(zone, name, target):
    change = {"Action": "CREATE", "ResourceRecordSet": {"Name": name, "Type": "CNAME", "TTL": 30, "ResourceRecords": [{"Value": target}]}}
    dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})


def make(cluster, domain, vpc, subnets, public):
    subnet = subnets[0]
    private = dns.create_hosted_zone(Name=domain, CallerReference=domain, VPC={"VPCId": vpc, "VPCRegion": region})["HostedZone"]["Id"].rpartition("/")[2]
    # Resources that the program creates, with the tag "shared".
    workers = ec2.create_security_group(GroupName=f"{cluster}-worker-sg", Description="w", VpcId=vpc, TagSpecifications=spec("security-group", cluster, "shared"))["GroupId"]
    # Resources that the cluster creates, with the tag "owned".
    front, back = (
        ec2.create_security_group(GroupName=f"{cluster}-{n}", Description=n, VpcId=vpc, TagSpecifications=spec("security-group", cluster))["GroupId"]
        for n in ("front", "back")
    )

    def rule(group, source):
        ec2.authorize_security_group_ingress(
            GroupId=group, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [{"GroupId": source, "Description": "b"}]}]
        )

    for group, source in [(workers, front), (front, back), (back, front), (workers, workers)]:
        rule(group, source)
    ec2.authorize_security_group_ingress(GroupId=workers, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}])
    listener = {"Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 80}
    classic = elb.create_load_balancer(
        LoadBalancerName=f"c-{cluster}", Listeners=[listener], Subnets=[subnet], SecurityGroups=[front], Tags=tags(cluster)
    )["DNSName"]
    network = elbv2.create_load_balancer(Name=f"n-{cluster}", Type="network", Subnets=[subnet], Tags=tags(cluster))["LoadBalancers"][0]
    group = elbv2.create_target_group(Name=f"t-{cluster}", Protocol="TCP", Port=80, VpcId=vpc, TargetType="ip", Tags=tags(cluster))["TargetGroups"][0]["TargetGroupArn"]
    elbv2.create_listener(
        LoadBalancerArn=network["LoadBalancerArn"], Protocol="TCP", Port=80, DefaultActions=[{"Type": "forward", "TargetGroupArn": group}], Tags=tags(cluster)
    )
    shared = elbv2.create_load_balancer(Name=f"{cluster}-int", Type="network", Scheme="internal", Subnets=[subnet], Tags=tags(cluster, "shared"))["LoadBalancers"][0]
    for zone in (private, public):
        record(zone, f"*.apps.{domain}", classic)
        record(zone, f"shard.{domain}", network["DNSName"])
        record(zone, f"api.{domain}", shared["DNSName"])
    image = ec2.describe_images()["Images"][0]["ImageId"]
    ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnet, InstanceType="m6i.large", SecurityGroupIds=[workers], TagSpecifications=spec("instance", cluster))
    ec2.create_network_interface(SubnetId=subnet, Groups=[back], TagSpecifications=spec("network-interface", cluster))
    volume = ec2.create_volume(AvailabilityZone=f"{region}a", Size=1, TagSpecifications=spec("volume", cluster))["VolumeId"]
    ec2.create_snapshot(VolumeId=volume, TagSpecifications=spec("snapshot", cluster))
    ec2.create_volume(AvailabilityZone=f"{region}a", Size=1, TagSpecifications=spec("volume", cluster, "shared"))
    ec2.allocate_address(Domain="vpc", TagSpecifications=spec("elastic-ip", cluster))
    for name in (f"{cluster}-image-registry-{region}", f"backups-of-{cluster}"):
        s3.create_bucket(Bucket=name)
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags(cluster)})
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        for _ in range(3):
            s3.put_object(Bucket=name, Key="layer", Body=BytesIO(b"x"))
        s3.delete_object(Bucket=name, Key="layer")
    s3.create_bucket(Bucket=f"{cluster}-ignition")
    s3.put_bucket_tagging(Bucket=f"{cluster}-ignition", Tagging={"TagSet": tags(cluster, "shared")})
    # The user's file system with the access points of two volumes, and a file system with the cluster's tag.
    shared = efs.create_file_system(CreationToken=f"shared-{cluster}", Tags=tags(cluster, "shared"))["FileSystemId"]
    own = efs.create_file_system(CreationToken=f"own-{cluster}", Tags=tags(cluster))["FileSystemId"]
    for index, (system, value) in enumerate([(shared, "owned"), (own, "owned"), (shared, "shared")]):
        efs.create_access_point(ClientToken=f"{cluster}-{index}", FileSystemId=system, Tags=tags(cluster, value))
    efs.create_mount_target(FileSystemId=own, SubnetId=subnet, SecurityGroups=[workers])
    policy = iam.create_policy(PolicyName=f"{cluster}-p", PolicyDocument=allow, Tags=tags(cluster))["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=allow, SetAsDefault=True)
    user = f"{cluster}-openshift-ingress-x2x4x"
    iam.create_user(UserName=user, Tags=tags(cluster))
    iam.create_access_key(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="inline", PolicyDocument=allow)
    iam.attach_user_policy(UserName=user, PolicyArn=policy)
    for name, value in ((f"{cluster}-minted", "owned"), (f"{cluster}-worker-role", "shared")):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Tags=tags(cluster, value))
        iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=allow)
        iam.create_instance_profile(InstanceProfileName=name, Tags=tags(cluster, value))
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    iam.attach_role_policy(RoleName=f"{cluster}-minted", PolicyArn=policy)
    iam.create_open_id_connect_provider(Url=f"https://{cluster}-oidc.example.com", ThumbprintList=["0" * 40], Tags=tags(cluster))
    return {"infraId": cluster, "region": region, "vpcId": vpc, "clusterDomain": domain, "zones": [{"id": private}, {"id": public}]}


if __name__ == "__main__":
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/20", AvailabilityZone=f"{region}a")["Subnet"]["SubnetId"]]
    public = dns.list_hosted_zones_by_name(DNSName="example.com")["HostedZones"][0]["Id"].rpartition("/")[2]
    print(json.dumps([make(cluster, f"{cluster[:-6]}.example.com", vpc, subnets, public) for cluster in sys.argv[1:]]))
