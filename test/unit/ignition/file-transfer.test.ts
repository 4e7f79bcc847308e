import fc from "fast-check";
import { decodeFiles, encodeFiles } from "../../../ignition/file-transfer";

describe("files in the answer of an installer step", () => {
  const path = fc
    .array(
      fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/).filter((part) => part !== ".."),
      { minLength: 1, maxLength: 4 },
    )
    .map((parts) => parts.join("/"));

  test("are decoded even if their name is a property of every JavaScript object", () => {
    const files = Object.fromEntries(["__proto__", "constructor"].map((path) => [path, "content"]));
    expect(Object.entries(decodeFiles(encodeFiles(files)))).toEqual(Object.entries(files));
  });

  test("are decoded unchanged, whatever they contain", () => {
    fc.assert(
      fc.property(fc.dictionary(path, fc.string({ unit: "binary" })), (files) => {
        expect(decodeFiles(encodeFiles(files))).toEqual(files);
      }),
    );
  });

  test.each(["", "/etc/passwd", "../up", "a/../../up", "a b", "a\nb", "a//b", "a/", "$(id)", "~root", "ä"])(
    "are not encoded under the path %j",
    (bad) => {
      expect(() => encodeFiles({ [bad]: "" })).toThrow("is not a plain relative path");
    },
  );

  test.each(["../up", "/etc/passwd", "$(id)"])("are not decoded under the path %j", (bad) => {
    const line = `${bad} ${encodeFiles({ a: "" }).slice(2)}`;
    expect(() => decodeFiles(line)).toThrow("is not a plain relative path");
  });

  test.each(["hunter2", "a hunter2 hunter2"])("in another form are refused, and the error does not quote them: %j", (line) => {
    expect(() => decodeFiles(`${encodeFiles({ a: "" })}${line}\n`)).toThrow(
      /^line 2 of the installer step's answer does not have the form <path> <content>$/,
    );
  });
});
