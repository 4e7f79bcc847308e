/**
 * The result of a lookup in AWS, or undefined if the resource does not exist; other errors are rethrown. The provider has no error codes, so
 * this function compares the message with the provider's texts (hashicorp/terraform-provider-aws, `internal/tfresource/errors.go`) and AWS's
 * own.
 */
export async function unlessNotFound<T>(lookup: Promise<T>): Promise<T | undefined> {
  try {
    return await lookup;
  } catch (error) {
    if (error instanceof Error && /no matching|no results|not ?found|couldn't find|NoSuch/i.test(error.message)) return undefined;
    throw error;
  }
}

/** Whether AWS denied the request: credentials that may create a resource need not be allowed to describe it. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && /AccessDenied|UnauthorizedOperation|not authorized/i.test(error.message);
}
