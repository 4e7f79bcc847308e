import type { Rule } from "../rule";
import {
  bindingsLeaveThePlatformAlone,
  bindingsSayItOnce,
  grantsNameSomebody,
  groupsHaveOneWriter,
  limitsAreInOrder,
  oneClassIsTheGlobalDefault,
  roleRulesAreComplete,
} from "./access-control";
import { arnsAreOfThisPlace } from "./arns";
import {
  adminsCanLogIn,
  bindingsAreComplete,
  htpasswdUsersHaveAProvider,
  inactivityIsLongEnough,
  kubeadminHasASuccessor,
} from "./authentication";
import { clusterDomainFits } from "./base-domain";
import { capabilitiesFitRelease } from "./capabilities";
import { disconnectedClusterMintsNoUsers, zoneRoleIsNotMinted } from "./credentials";
import { privateZoneNeedsVpc, publicZoneCanExist, userManagedDnsHasNoZone, zoneRoleNeedsZone } from "./dns";
import { privateSubnetsHaveEgress } from "./egress";
import {
  bastionIsComplete,
  forwardedPortIsUsed,
  localExecutorReachesNoHost,
  publicHostCanBeReached,
  sshExecutorHasAHost,
  sshExecutorHasAKey,
} from "./executor";
import { fipsIsValidated, fipsKnowsSshKey } from "./fips";
import { clientCertificatesFit, providersAreComplete, providersHaveTheirSecrets } from "./identity-providers";
import { installerHostFits, installerHostIsWanted, installerHostProxyHasNoPassword } from "./installer-host";
import { machinesAreLargeEnough, machinesShareOneArchitecture } from "./machine-types";
import {
  airGappedIsInternal,
  archiveIsForAirGapped,
  disconnectedNodesHaveNoNat,
  disconnectedReleaseIsByDigest,
  mirrorNeedsHost,
  restrictedHostHasEgress,
} from "./mirror";
import { bannerColorsNeedText, forcedUpdateHasAnImage, linksOfTheMenuHaveASection, nodeTuningIsOfPools } from "./cluster-settings";
import { noProxyNeedsProxy, proxyIsOutsideOfTheCluster } from "./proxy";
import { pullSecretOpensRegistries } from "./pull-secret";
import { podRangeFitsNodes, rangesDoNotOverlap, subnetsFitInstances } from "./ranges";
import { releaseHasImagesInPartition } from "./release-images";
import { releaseFitsArchitecture, releaseImageMatchesRelease, releaseMatchesDistribution } from "./release";
import { boundaryHasARole } from "./roles";
import { apiCertificateIsTrusted, certificatesFit } from "./serving-certificates";
import { classesAreWithinLimits, imageKeyNeedsBucket, oneClassIsTheDefault, removedRegistryIsNotSet } from "./storage";
import {
  shardDomainsDiffer,
  shardNamespacesAreItsOwn,
  shardRecordHasOneWriter,
  shardRoutesExist,
  shardsAreDisjoint,
  shardZonesCanExist,
} from "./router-shards";
import { externalShardsHavePublicSubnets, shardBalancersFit, shardCertificatesFit, shardInfraNodesExist } from "./router-shards-balancers";
import { spacesInTagsFitRelease } from "./tags";
import { modernTlsStartsEtcd } from "./tls-profile";
import { infraNodesNeedWorkers, controlPlaneIsThreeOrOne, singleNodeHasNoWorkers } from "./topology";
import { updateServiceHasAUse } from "./update-service";
import { volumesAreWithinLimits } from "./volumes";
import { existingVpcIsComplete, existingVpcIsNotChanged, securityGroupsNeedVpc, subnetsNeedVpc } from "./vpc";
import { zonesAreOfRegion } from "./zones";

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
