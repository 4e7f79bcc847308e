import type { DescribeFileSystemsCommandInput, EFSClient, FileSystemDescription } from "@aws-sdk/client-efs";
import { clientConfiguration } from "../../lib/aws/client";
import { isDenied } from "../../lib/pulumi/lookup-errors";

/**
 * Sends requests to EFS. The library is loaded only here, because few stacks have shared storage.
 *
 * @returns undefined if the credentials may not describe file systems. The check is then left out; if the credentials may not use the file system
 *   either, the update fails with AWS's message
 */
export async function askEfs<T>(region: string, question: (client: EFSClient) => Promise<T>): Promise<T | undefined> {
  const { EFSClient: Client } = await import("@aws-sdk/client-efs");
  const client = new Client(clientConfiguration(region));
  try {
    return await question(client);
  } catch (error) {
    if (error instanceof Error && (error.name === "AccessDeniedException" || isDenied(error))) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

/** The file system with an ID or a creation token; undefined if there is none. */
export async function findFileSystem(
  client: EFSClient,
  by: Pick<DescribeFileSystemsCommandInput, "FileSystemId" | "CreationToken">,
): Promise<FileSystemDescription | undefined> {
  const { DescribeFileSystemsCommand } = await import("@aws-sdk/client-efs");
  try {
    const { FileSystems: [found] = [] } = await client.send(new DescribeFileSystemsCommand(by));
    return found;
  } catch (error) {
    if (error instanceof Error && error.name === "FileSystemNotFound") return undefined;
    throw error;
  }
}
