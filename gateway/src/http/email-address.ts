import { z } from "zod";

/** RFC 5321, 4.5.3.1.3. */
const MAX_LENGTH = 254;

/** Kratos' database takes neither, and no address has one. */
const isStorable = (text: string) => text.isWellFormed() && !/\p{Cc}/u.test(text);

/**
 * An e-mail address from a request. All spellings of one come out alike: without outer spaces, in lower case and in
 * Unicode's composed form, as Kratos compares them.
 */
export const emailAddress = z
  .string()
  .max(4 * MAX_LENGTH, "is too long")
  .refine(isStorable, "has characters that no address has")
  .transform((text) => text.normalize("NFC").trim().toLowerCase())
  .pipe(z.email({ pattern: z.regexes.unicodeEmail }).max(MAX_LENGTH, "is too long"));
