import type { Rule } from "./rule";
import {
  bindingsLeaveThePlatformAlone,
  bindingsSayItOnce,
  grantsNameSomebody,
  groupsHaveOneWriter,
  limitsAreInOrder,
  oneClassIsTheGlobalDefault,
  roleRulesAreComplete,
} from "./access-control/rules";
import { arnsAreOfThisPlace } from "./arn";
import {
  adminsCanLogIn,
  bindingsAreComplete,
  htpasswdUsersHaveAProvider,
  inactivityIsLongEnough,
  kubeadminHasASuccessor,
} from "./authentication/rules";
import { clusterDomainFits } from "./cluster/base-domain";
import { capabilitiesFitRelease } from "./installation/rules";
import { disconnectedClusterMintsNoUsers, zoneRoleIsNotMinted } from "./installation/credentials";
import { privateZoneNeedsVpc, publicZoneCanExist, userManagedDnsHasNoZone, zoneRoleNeedsZone } from "./dns/rules";
import { privateSubnetsHaveEgress } from "./network/egress";
import {
  bastionIsComplete,
  forwardedPortIsUsed,
  localExecutorReachesNoHost,
  publicHostCanBeReached,
  sshExecutorHasAHost,
  sshExecutorHasAKey,
} from "./executor/rules";
import { fipsIsValidated, fipsKnowsSshKey } from "./installation/fips";
import { clientCertificatesFit, providersAreComplete, providersHaveTheirSecrets } from "./authentication/identity-provider-rules";
import { installerHostFits, installerHostIsWanted, installerHostProxyHasNoPassword } from "./installer-host/rules";
import { machinesAreLargeEnough, machinesShareOneArchitecture } from "./machines/rules";
import {
  airGappedIsInternal,
  archiveIsForAirGapped,
  disconnectedNodesHaveNoNat,
  disconnectedReleaseIsByDigest,
  mirrorNeedsHost,
  restrictedHostHasEgress,
} from "./mirror/rules";
import { bannerColorsNeedText, forcedUpdateHasAnImage, linksOfTheMenuHaveASection, nodeTuningIsOfPools } from "./cluster-settings/fields";
import { noProxyNeedsProxy, proxyIsOutsideOfTheCluster } from "./proxy/rules";
import { pullSecretOpensRegistries } from "./access/rules";
import { podRangeFitsNodes, rangesDoNotOverlap, subnetsFitInstances } from "./network/fields";
import { releaseHasImagesInPartition } from "./cluster/release-images";
import { releaseFitsArchitecture, releaseImageMatchesRelease, releaseMatchesDistribution } from "./cluster/rules";
import { boundaryHasARole } from "./iam/rules";
import { apiCertificateIsTrusted, certificatesFit } from "./serving-certificates/rules";
import { classesAreWithinLimits, imageKeyNeedsBucket, oneClassIsTheDefault, removedRegistryIsNotSet } from "./storage/rules";
import {
  shardDomainsDiffer,
  shardNamespacesAreItsOwn,
  shardRecordHasOneWriter,
  shardRoutesExist,
  shardsAreDisjoint,
  shardZonesCanExist,
} from "./ingress/rules";
import { externalShardsHavePublicSubnets, shardBalancersFit, shardCertificatesFit, shardInfraNodesExist } from "./ingress/balancer-rules";
import { spacesInTagsFitRelease } from "./tags/rules";
import { modernTlsStartsEtcd } from "./cluster-settings/rules";
import { infraNodesNeedWorkers, controlPlaneIsThreeOrOne, singleNodeHasNoWorkers } from "./machines/topology";
import { updateServiceHasAUse } from "./mirror/update-service";
import { volumesAreWithinLimits } from "./machines/volume-rules";
import { existingVpcIsComplete, existingVpcIsNotChanged, securityGroupsNeedVpc, subnetsNeedVpc } from "./network/rules";
import { zonesAreOfRegion } from "./network/zones";

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
  restrictedHostHasEgress,
  disconnectedReleaseIsByDigest,
  updateServiceHasAUse,
  publicZoneCanExist,
  userManagedDnsHasNoZone,
  privateZoneNeedsVpc,
  zoneRoleNeedsZone,
  ...arnsAreOfThisPlace,
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
  nodeTuningIsOfPools,
  bannerColorsNeedText,
  linksOfTheMenuHaveASection,
  forcedUpdateHasAnImage,
  ...certificatesFit,
  apiCertificateIsTrusted,
  oneClassIsTheDefault,
  classesAreWithinLimits,
  removedRegistryIsNotSet,
  imageKeyNeedsBucket,
  providersAreComplete,
  providersHaveTheirSecrets,
  clientCertificatesFit,
  htpasswdUsersHaveAProvider,
  adminsCanLogIn,
  kubeadminHasASuccessor,
  bindingsAreComplete,
  inactivityIsLongEnough,
  shardsAreDisjoint,
  shardNamespacesAreItsOwn,
  shardRoutesExist,
  shardDomainsDiffer,
  shardRecordHasOneWriter,
  shardZonesCanExist,
  shardBalancersFit,
  shardInfraNodesExist,
  externalShardsHavePublicSubnets,
  shardCertificatesFit,
  bindingsSayItOnce,
  bindingsLeaveThePlatformAlone,
  groupsHaveOneWriter,
  roleRulesAreComplete,
  grantsNameSomebody,
  limitsAreInOrder,
  oneClassIsTheGlobalDefault,
];
