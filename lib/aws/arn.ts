import { type ARN, parse, validate } from "@aws-sdk/util-arn-parser";

/** The parts of an ARN; undefined if the text is not one: it does not begin with `arn:`, or has fewer than six parts. Their content is not checked. */
export function parseArn(text: string): ARN | undefined {
  return validate(text) ? parse(text) : undefined;
}
