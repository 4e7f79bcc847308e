import type { Rule } from "./rule";
import { SERVICE_RULES } from "./service-rules";
import {
  bindingsDoNotReplaceBuiltInBindings,
  bindingsAreUnique,
  grantsNameSomebody,
  groupsHaveOneWriter,
  limitsAreInOrder,
  oneClassIsTheGlobalDefault,
  roleRulesAreComplete,
} from "./access-control/rules";
import { arnsMatchTheCluster } from "./arn-rules";
import {
  adminsCanLogIn,
  bindingsAreComplete,
  htpasswdUsersHaveAProvider,
  inactivityIsLongEnough,
  kubeadminHasASuccessor,
} from "./authentication/rules";
import {
  clusterDomainFits,
  releaseFitsArchitecture,
  releaseHasImagesInPartition,
  releaseImageMatchesRelease,
  releaseMatchesDistribution,
} from "./cluster/rules";
import {
  capabilitiesFitRelease,
  disconnectedClusterMintsNoUsers,
  fipsIsValidated,
  fipsKnowsSshKey,
  zoneRoleIsNotMinted,
} from "./installation/rules";
import { privateZoneNeedsVpc, publicZoneCanExist, userManagedDnsHasNoZone, zoneRoleNeedsZone } from "./dns/rules";
import {
  existingVpcIsComplete,
  existingVpcIsNotChanged,
  privateSubnetsHaveEgress,
  securityGroupsNeedVpc,
  subnetsNeedVpc,
  zonesAreOfRegion,
} from "./network/rules";
import {
  efsClassesHaveAFileSystem,
  efsGroupRangesAreComplete,
  fileSystemIsNewOrExisting,
  fileSystemSettingsNeedFileSystem,
  infrequentAccessDaysExistInEfs,
  maxIoIsNotElastic,
  provisionedThroughputFitsMode,
  sharedVolumesHaveAFileSystem,
  sharedVolumesHaveTheirOwnClaims,
} from "./efs/rules";
import {
  bastionIsComplete,
  forwardedPortIsUsed,
  localExecutorReachesNoHost,
  publicHostCanBeReached,
  sshExecutorHasAHost,
  sshExecutorHasAKey,
} from "./executor/rules";
import { clientCertificatesFit, providersAreComplete, providersHaveTheirSecrets } from "./authentication/identity-provider-rules";
import { installerHostFits, installerHostIsWanted, installerHostProxyHasNoPassword } from "./installer-host/rules";
import {
  controlPlaneIsThreeOrOne,
  infraNodesNeedWorkers,
  machinesAreLargeEnough,
  machinesShareOneArchitecture,
  singleNodeHasNoWorkers,
} from "./machines/rules";
import {
  airGappedIsInternal,
  archiveIsForAirGapped,
  disconnectedNodesHaveNoNat,
  disconnectedReleaseIsByDigest,
  mirrorNeedsHost,
  restrictedMirrorHasEgress,
  updateServiceHasAUse,
} from "./mirror/rules";
import {
  bannerColorsNeedText,
  forcedUpdateHasAnImage,
  linksOfTheMenuHaveASection,
  modernTlsStartsEtcd,
  nodeTuningNamesKnownPools,
} from "./cluster-settings/rules";
import { noProxyNeedsProxy, proxyIsOutsideOfTheCluster } from "./proxy/rules";
import { pullSecretOpensRegistries } from "./access/rules";
import { podRangeFitsNodes, rangesDoNotOverlap, subnetsFitInstances } from "./network/range-rules";
import { boundaryHasARole } from "./iam/rules";
import { apiCertificateIsTrusted, certificatesFit } from "./serving-certificates/rules";
import { classesAreWithinLimits, imageKeyNeedsBucket, oneClassIsTheDefault, removedRegistryIsNotSet } from "./storage/rules";
import {
  shardDomainsDiffer,
  shardNamespacesHaveOneLabel,
  shardRecordHasOneWriter,
  shardRoutesExist,
  shardsAreDisjoint,
  shardNeedsPublicHostedZones,
} from "./ingress/rules";
import { externalShardsHavePublicSubnets, shardBalancersFit, shardCertificatesFit, shardInfraNodesExist } from "./ingress/balancer-rules";
import { spacesInTagsFitRelease } from "./tags/rules";
import { volumesAreWithinLimits } from "./machines/volume-rules";

/** Every rule that involves several keys, or the region. */
export const RULES: readonly Rule[] = [
  clusterDomainFits,
  releaseMatchesDistribution,
  releaseImageMatchesRelease,
  releaseFitsArchitecture,
  releaseHasImagesInPartition,
  capabilitiesFitRelease,
  fipsIsValidated,
  fipsKnowsSshKey,
  zoneRoleIsNotMinted,
  disconnectedClusterMintsNoUsers,
  zonesAreOfRegion,
  subnetsNeedVpc,
  existingVpcIsNotChanged,
  existingVpcIsComplete,
  securityGroupsNeedVpc,
  privateSubnetsHaveEgress,
  rangesDoNotOverlap,
  podRangeFitsNodes,
  subnetsFitInstances,
  controlPlaneIsThreeOrOne,
  singleNodeHasNoWorkers,
  infraNodesNeedWorkers,
  machinesAreLargeEnough,
  machinesShareOneArchitecture,
  ...volumesAreWithinLimits,
  installerHostIsWanted,
  installerHostFits,
  installerHostProxyHasNoPassword,
  mirrorNeedsHost,
  archiveIsForAirGapped,
  disconnectedNodesHaveNoNat,
  airGappedIsInternal,
  restrictedMirrorHasEgress,
  disconnectedReleaseIsByDigest,
  updateServiceHasAUse,
  publicZoneCanExist,
  userManagedDnsHasNoZone,
  privateZoneNeedsVpc,
  zoneRoleNeedsZone,
  ...arnsMatchTheCluster,
  boundaryHasARole,
  pullSecretOpensRegistries,
  noProxyNeedsProxy,
  proxyIsOutsideOfTheCluster,
  spacesInTagsFitRelease,
  localExecutorReachesNoHost,
  sshExecutorHasAHost,
  sshExecutorHasAKey,
  publicHostCanBeReached,
  bastionIsComplete,
  forwardedPortIsUsed,
  modernTlsStartsEtcd,
  nodeTuningNamesKnownPools,
  bannerColorsNeedText,
  linksOfTheMenuHaveASection,
  forcedUpdateHasAnImage,
  ...certificatesFit,
  apiCertificateIsTrusted,
  oneClassIsTheDefault,
  classesAreWithinLimits,
  removedRegistryIsNotSet,
  imageKeyNeedsBucket,
  efsClassesHaveAFileSystem,
  efsGroupRangesAreComplete,
  fileSystemIsNewOrExisting,
  fileSystemSettingsNeedFileSystem,
  provisionedThroughputFitsMode,
  maxIoIsNotElastic,
  infrequentAccessDaysExistInEfs,
  sharedVolumesHaveAFileSystem,
  sharedVolumesHaveTheirOwnClaims,
  ...SERVICE_RULES,
  providersAreComplete,
  providersHaveTheirSecrets,
  clientCertificatesFit,
  htpasswdUsersHaveAProvider,
  adminsCanLogIn,
  kubeadminHasASuccessor,
  bindingsAreComplete,
  inactivityIsLongEnough,
  shardsAreDisjoint,
  shardNamespacesHaveOneLabel,
  shardRoutesExist,
  shardDomainsDiffer,
  shardRecordHasOneWriter,
  shardNeedsPublicHostedZones,
  shardBalancersFit,
  shardInfraNodesExist,
  externalShardsHavePublicSubnets,
  shardCertificatesFit,
  bindingsAreUnique,
  bindingsDoNotReplaceBuiltInBindings,
  groupsHaveOneWriter,
  roleRulesAreComplete,
  grantsNameSomebody,
  limitsAreInOrder,
  oneClassIsTheGlobalDefault,
];
