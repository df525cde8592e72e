/** Takes an answer's body off the wire, piece by piece. */
export type BodyDecoder = {
  /** Hands on what there is. Answers how many of the bytes were the body's; throws where they cannot be. */
  readonly take: (bytes: Buffer) => number;
  /** Whether the body is whole. */
  readonly isWhole: () => boolean;
  /** Whether it is whole where the connection ends now. */
  readonly endsWithConnection: boolean;
};

export type OnData = (bytes: Buffer) => void;
