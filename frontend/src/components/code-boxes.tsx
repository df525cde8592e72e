const PLACES = [0, 1, 2, 3, 4, 5] as const;

/** How many digits a mailed code has. */
export const CODE_LENGTH = PLACES.length;

/** The drawn boxes behind the code field; the field itself is what people and screen readers use. */
export function CodeBoxes({ value }: { value: string }) {
  const next = Math.min(value.length, CODE_LENGTH - 1);
  return (
    <div className="code__boxes" aria-hidden="true">
      {PLACES.map((place) => (
        <span key={place} className={place === next ? "code__box code__box--next" : "code__box"}>
          {value[place]}
        </span>
      ))}
    </div>
  );
}
