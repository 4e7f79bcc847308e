import * as aws from "@pulumi/aws";

export = async (): Promise<void> => {
  await aws.getRegion();
};
