import { S3Client } from "@aws-sdk/client-s3";
import { encodeFiles } from "../../ignition/file-transfer";
import { clientConfiguration } from "../../lib/aws/client";
import { runWithJsonRequest } from "../../lib/run-main";
import { readPublished } from "../published-object";
import { waitForMirror, type WaitRequest } from "./wait";

/** Waits until the installer host has mirrored everything, then prints the resources that oc-mirror wrote for the cluster, encoded like the executor's files. */
runWithJsonRequest(async (given) => {
  const request = given as WaitRequest;
  const client = new S3Client(clientConfiguration(request.region));
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const resources = await waitForMirror(request, { read: () => readPublished(client, request), say, interval: 5000 });
  process.stdout.write(encodeFiles(resources));
});
