/** Four stones laid by hand, one of them gold: a mosaic is made of tesserae. */
export const BrandMark = ({ size = 20 }: { size?: number }) => (
  <svg aria-hidden="true" width={size} height={size} viewBox="0 0 32 32" className="shrink-0">
    <g className="fill-accent">
      <path d="M3 4.2A1.2 1.2 0 0 1 4.2 3h10.6l-1 10.8L3 12.9z" />
      <path d="M3 15.3l10.6.9L12.5 29H4.2A1.2 1.2 0 0 1 3 27.8z" />
      <path d="M16 17l13 1.2v9.6a1.2 1.2 0 0 1-1.2 1.2H14.9z" />
    </g>
    <path className="fill-gold" d="M17.2 3h10.6A1.2 1.2 0 0 1 29 4.2v11.6l-12.8-1.2z" />
  </svg>
)

export const Brand = () => (
  <span className="inline-flex items-center gap-2">
    <BrandMark />
    <span className="text-base font-semibold tracking-tight">Tessera</span>
  </span>
)
