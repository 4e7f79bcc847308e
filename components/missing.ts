/**
 * What a lookup in AWS found, or undefined where what it asked for isn't there; any other failure stays one. The provider has no error
 * codes: these are its words (hashicorp/terraform-provider-aws, `internal/tfresource/errors.go`) and AWS's own.
 */
export async function unlessMissing<T>(lookup: Promise<T>): Promise<T | undefined> {
  try {
    return await lookup;
  } catch (error) {
    if (error instanceof Error && /no matching|no results|not ?found|couldn't find|NoSuch/i.test(error.message)) return undefined;
    throw error;
  }
}

/** Whether AWS refused to answer: credentials that may create a thing need not be allowed to look at it. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && /AccessDenied|UnauthorizedOperation|not authorized/i.test(error.message);
}
