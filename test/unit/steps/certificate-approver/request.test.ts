import { examineRequest } from "../../../../steps/certificate-approver/request";
import { clientRequest } from "./certificate-requests";

const node = "ip-10-0-0-1.ec2.internal";
const [organization, commonName] = ["system:nodes", `system:node:${node}`];

/** A text as a DER string of the given type. In this form the library copies the text instead of encoding it. */
function typed(tag: number, bytesOfCharacter: number, text: string): string {
  const characters = [...Buffer.from(text, "latin1")].map((character) => Buffer.from([0, 0, 0, character]).subarray(4 - bytesOfCharacter));
  const content = Buffer.concat(characters);
  const length = content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return `#${Buffer.concat([Buffer.from([tag, ...length]), content]).toString("hex")}`;
}

describe("the subject of a certificate request", () => {
  const examined = async (O: string, CN: string) => examineRequest(await clientRequest(node, { subject: [{ O: [O] }, { CN: [CN] }] }));

  test.each<[string, number, number]>([
    ["UTF8String", 0x0c, 1],
    ["PrintableString", 0x13, 1],
  ])("is parsed as %s", async (_, tag, width) => {
    const claim = await examined(typed(tag, width, organization), typed(tag, width, commonName));
    expect(claim).toMatchObject({ kind: "client", node });
  });

  test.each<[string, number, number]>([
    ["UniversalString, which Go reads as nothing", 0x1c, 4],
    ["BMPString", 0x1e, 2],
    ["TeletexString", 0x14, 1],
    ["IA5String", 0x16, 1],
    ["NumericString", 0x12, 1],
    ["VisibleString", 0x1a, 1],
    ["GeneralString", 0x1b, 1],
    ["OctetString", 0x04, 1],
  ])("is not parsed as %s", async (_, tag, width) => {
    for (const refusal of [
      await examined(organization, typed(tag, width, commonName)),
      await examined(typed(tag, width, organization), commonName),
    ])
      expect(refusal).toEqual({
        approved: false,
        reason: expect.stringMatching(/^(WrongSubject|Unreadable)$/) as string,
        message: expect.anything() as string,
      });
  });
});
