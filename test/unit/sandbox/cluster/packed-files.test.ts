import { decodeFiles, encodeFiles } from "../../../../ignition/file-transfer";
import { packFiles, unpackFiles } from "../../../../sandbox/cluster/packed-files";

const files = { "client/ca.crt": "a certificate\n", "pull.json": '{"auths":{}}', empty: "" };

test("the simulated installer host reads the files that the program packs", () => {
  expect(Object.fromEntries(unpackFiles(encodeFiles(files)))).toEqual(files);
});

test("the program reads the files that the simulated installer host packs", () => {
  expect(decodeFiles(packFiles(files))).toEqual(files);
});
