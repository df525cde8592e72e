const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** Where the DER INTEGER that begins at `at` ends; -1 when there is none, or not in its shortest form. */
function endOfInteger(data: Uint8Array, at: number): number {
  const length = data[at + 1] ?? 0;
  const [first = 0, second = 0] = data.subarray(at + 2, at + 2 + length);
  const tooLong = length > 1 && first === 0 && second < 0x80;
  if (data[at] !== INTEGER || length === 0 || first >= 0x80 || tooLong) return -1;
  return at + 2 + length;
}

/**
 * Whether bytes are the DER of an ECDSA signature (RFC 3279, 2.2.3; WebAuthn L3, 6.5.5) and nothing else. The library
 * takes any bytes after it, so that one assertion would have many texts.
 * @param data of P-256: its length fits one byte.
 */
export function isEcdsaDer(data: Uint8Array): boolean {
  if (data[0] !== SEQUENCE || data[1] !== data.length - 2) return false;
  const middle = endOfInteger(data, 2);
  return middle > 0 && endOfInteger(data, middle) === data.length;
}
