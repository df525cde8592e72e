/** CRC-16/XMODEM, as Redis Cluster takes it (its specification, appendix A). */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  }
  return crc & 0xffff;
}

/** The slot of a key: of its first hash tag that is not empty, where it has one (Redis Cluster specification, "Hash tags"). */
export function clusterSlot(key: string): number {
  const start = key.indexOf("{");
  const end = key.indexOf("}", start + 1);
  const tagged = start >= 0 && end > start + 1 ? key.slice(start + 1, end) : key;
  return crc16(Buffer.from(tagged)) % 16_384;
}
