/** Regions in which the RHCOS of 4.19 is published for both architectures. */
const rhcos419 = [
  ...["af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2"],
  ...["ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-7"],
  ...["ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2"],
  ...["eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1"],
  ...["us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2"],
] as const;

/** Regions in which RHCOS is published, by minor release. */
export const RHCOS_REGIONS = {
  "4.19": rhcos419,
  "4.20": [...rhcos419, "ap-east-2"],
  "4.22": [...rhcos419.filter((region) => !region.startsWith("me-")), "ap-east-2", "ap-southeast-6"],
} as const;

/** Regions in which Fedora CoreOS is published for both architectures; none in GovCloud. */
export const FCOS_REGIONS = [
  ...["af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2"],
  ...["ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ca-central-1", "eu-central-1", "eu-central-2"],
  ...["eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1"],
  ...["me-south-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"],
] as const;

/** Regions in which CentOS Stream CoreOS is published for both architectures. */
export const SCOS_REGIONS = ["us-east-1", "us-gov-west-1"] as const;
