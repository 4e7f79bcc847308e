/** The AWS region in which engine and campaign tests create resources. */
export const region = "us-east-1";
