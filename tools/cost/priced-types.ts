import type { Charging } from "./charge";
import { balancer } from "./charges/balancers";
import { machine } from "./charges/machines";
import { address, endpoint, flowLog, natGateway } from "./charges/network";
import {
  alarm,
  bucket,
  certificate,
  fileSystem,
  fileSystemBackup,
  key,
  logGroup,
  parameter,
  ruleGroup,
  secret,
  webAcl,
  zone,
} from "./charges/services";
import { imageCopy, snapshot, volume } from "./charges/volumes";

/** How to compute the charges of each type of resource that can cost something. */
export const pricedTypes: ReadonlyMap<string, Charging> = new Map([
  ["aws:ec2/instance:Instance", machine],
  ["aws:ebs/volume:Volume", volume],
  ["aws:ebs/snapshot:Snapshot", snapshot],
  ["aws:ec2/amiCopy:AmiCopy", imageCopy],
  ["aws:ec2/eip:Eip", address],
  ["aws:ec2/natGateway:NatGateway", natGateway],
  ["aws:ec2/vpcEndpoint:VpcEndpoint", endpoint],
  ["aws:ec2/flowLog:FlowLog", flowLog],
  ["aws:lb/loadBalancer:LoadBalancer", balancer],
  ["aws:s3/bucket:Bucket", bucket],
  ["aws:efs/fileSystem:FileSystem", fileSystem],
  ["aws:efs/backupPolicy:BackupPolicy", fileSystemBackup],
  ["aws:kms/key:Key", key],
  ["aws:secretsmanager/secret:Secret", secret],
  ["aws:route53/zone:Zone", zone],
  ["aws:ssm/parameter:Parameter", parameter],
  ["aws:acm/certificate:Certificate", certificate],
  ["aws:cloudwatch/logGroup:LogGroup", logGroup],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", alarm],
  ["aws:wafv2/webAcl:WebAcl", webAcl],
  ["aws:wafv2/ruleGroup:RuleGroup", ruleGroup],
]);
