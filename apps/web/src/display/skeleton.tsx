/** Quiet bars in the place of lines that are on their way. */
export const SkeletonLines = ({ lines, label }: { lines: number; label: string }) => (
  <div aria-busy="true" className="flex flex-col gap-3 py-2">
    <span className="sr-only">{label}</span>
    {Array.from({ length: lines }, (_, index) => `${index}`).map((line) => (
      <span key={line} aria-hidden="true" className="skeleton-bar h-3" />
    ))}
  </div>
)
