import type { ComputeCharges } from "./charge";
import { loadBalancerCharges } from "./charges/balancers";
import { instanceCharges } from "./charges/instances";
import { addressCharges, endpointCharges, flowLogCharges, natGatewayCharges } from "./charges/network";
import {
  alarmCharges,
  bucketCharges,
  certificateCharges,
  fileSystemCharges,
  fileSystemBackupCharges,
  kmsKeyCharges,
  logGroupCharges,
  parameterCharges,
  ruleGroupCharges,
  secretCharges,
  webAclCharges,
  zoneCharges,
} from "./charges/services";
import { imageCopyCharges, snapshotCharges, volumeCharges } from "./charges/volumes";

/** How to compute the charges of each type of resource that can cost something. */
export const pricedTypes: ReadonlyMap<string, ComputeCharges> = new Map([
  ["aws:ec2/instance:Instance", instanceCharges],
  ["aws:ebs/volume:Volume", volumeCharges],
  ["aws:ebs/snapshot:Snapshot", snapshotCharges],
  ["aws:ec2/amiCopy:AmiCopy", imageCopyCharges],
  ["aws:ec2/eip:Eip", addressCharges],
  ["aws:ec2/natGateway:NatGateway", natGatewayCharges],
  ["aws:ec2/vpcEndpoint:VpcEndpoint", endpointCharges],
  ["aws:ec2/flowLog:FlowLog", flowLogCharges],
  ["aws:lb/loadBalancer:LoadBalancer", loadBalancerCharges],
  ["aws:s3/bucket:Bucket", bucketCharges],
  ["aws:efs/fileSystem:FileSystem", fileSystemCharges],
  ["aws:efs/backupPolicy:BackupPolicy", fileSystemBackupCharges],
  ["aws:kms/key:Key", kmsKeyCharges],
  ["aws:secretsmanager/secret:Secret", secretCharges],
  ["aws:route53/zone:Zone", zoneCharges],
  ["aws:ssm/parameter:Parameter", parameterCharges],
  ["aws:acm/certificate:Certificate", certificateCharges],
  ["aws:cloudwatch/logGroup:LogGroup", logGroupCharges],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", alarmCharges],
  ["aws:wafv2/webAcl:WebAcl", webAclCharges],
  ["aws:wafv2/ruleGroup:RuleGroup", ruleGroupCharges],
]);
