/** Quiet bars in the place of lines that are on their way. */
export const SkeletonLines = ({ lines, label }: { lines: number; label: string }) => (
  <div aria-busy="true" className="flex flex-col gap-3 py-2">
    <span className="sr-only">{label}</span>
    {Array.from({ length: lines }, (_, index) => (
      <span key={index} aria-hidden="true" className={`skeleton-bar h-3 ${index % 3 === 2 ? 'w-2/5' : index % 2 === 1 ? 'w-3/5' : 'w-4/5'}`} />
    ))}
  </div>
)
