import { allRules } from "../../../policy/rules";
import { instance, tags, template } from "./resources";

const EBS = "encrypted: true; without a kmsKeyId the account's default key for EBS is used";
const EFS = "encrypted: true; without a kmsKeyId the AWS managed key aws/elasticfilesystem is used";

test.each([
  ["aws:ebs/volume:Volume", EBS],
  ["aws:ec2/amiCopy:AmiCopy", EBS],
  [instance, EBS],
  [template, EBS],
  ["aws:efs/fileSystem:FileSystem", EFS],
])("the problem of an unencrypted %s names the key that AWS uses by default", (type, allowed) => {
  const [rule] = allRules.filter(({ name }) => name === "encryption");
  expect(rule.check({ type, urn: "", name: "disk", protect: false, properties: { tags } }, rule.defaults)).toMatchObject([{ allowed }]);
});
