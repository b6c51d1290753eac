/** Five stones laid by hand into a T, one of them gold: a mosaic is made of tesserae. */
export const BrandMark = ({ size = 20 }: { size?: number }) => (
  <svg aria-hidden="true" width={size} height={size} viewBox="0 0 32 32" className="shrink-0">
    <g className="fill-accent">
      <path d="M2.6 3.6l8-.4.3 8-8 .3a.7.7 0 0 1-.7-.7l-.3-6.5a.7.7 0 0 1 .7-.7z" />
      <path d="M12.3 3.1l7.6.2-.2 8-7.7-.2z" />
      <path d="M12 12.6l7.7.2.2 7.5-8.1.3z" />
      <path d="M11.7 22l8.2-.3-.3 7a.8.8 0 0 1-.8.8l-6.3-.2a.8.8 0 0 1-.8-.8z" />
    </g>
    <path className="fill-gold" d="M21.4 3.3l7.3.2a.8.8 0 0 1 .8.8l-.3 6.6a.8.8 0 0 1-.8.8l-7.3-.3z" />
  </svg>
)

export const Brand = () => (
  <span className="inline-flex items-center gap-2">
    <BrandMark />
    <span className="text-base font-semibold tracking-tight">Tessera</span>
  </span>
)
