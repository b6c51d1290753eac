const steps = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const

/** A span in its largest whole unit; clocks that disagree never make it negative. */
const largestUnit = (ms: number): { unit: (typeof steps)[number]['unit']; count: number } => {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const { unit, seconds: size } = steps.find((step) => seconds >= step.seconds) ?? steps[3]
  return { unit, count: Math.floor(seconds / size) }
}

/** Formats are costly to make and asked for at every row. */
const remember = <Format>(make: (locale: string, variant: string) => Format): ((locale: string, variant: string) => Format) => {
  const made = new Map<string, Format>()
  return (locale, variant) => {
    const key = `${locale} ${variant}`
    const format = made.get(key) ?? make(locale, variant)
    made.set(key, format)
    return format
  }
}

const narrowUnit = remember((locale, unit) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow' }))
const longUnit = remember((locale, unit) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }))
const relative = remember((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))

/** As short as the language has it, for columns: `42s`, `3m`, `2h`, `5d`. */
export const formatShortDuration = (locale: string, ms: number): string => {
  const { unit, count } = largestUnit(ms)
  return narrowUnit(locale, unit).format(count)
}

/** For sentences: `42 seconds`, `3 minutes`. */
export const formatDuration = (locale: string, ms: number): string => {
  const { unit, count } = largestUnit(ms)
  return longUnit(locale, unit).format(count)
}

/** For sentences: `now`, `42 seconds ago`, `yesterday`. */
export const formatAgo = (locale: string, ms: number): string => {
  const { unit, count } = largestUnit(ms)
  return relative(locale, '').format(-count, unit)
}

/** What is left of a wait, in its two largest units: `47h 59m`, `14m 32s`. */
export const formatCountdown = (locale: string, ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const at = Math.max(
    0,
    steps.findIndex((step) => seconds >= step.seconds),
  )
  const shown = seconds === 0 ? steps.slice(-1) : steps.slice(at, at + 2)
  return shown
    .map(({ unit, seconds: size }, index) => ({ unit, count: Math.floor((index === 0 ? seconds : seconds % (steps[at]?.seconds ?? 1)) / size) }))
    .filter(({ count }, index) => count > 0 || index === 0)
    .map(({ unit, count }) => narrowUnit(locale, unit).format(count))
    .join(' ')
}

const byteSteps = [
  { unit: 'gigabyte', bytes: 1_073_741_824 },
  { unit: 'megabyte', bytes: 1_048_576 },
  { unit: 'kilobyte', bytes: 1_024 },
] as const

const byteUnit = remember((locale, unit) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }))

export const formatBytes = (locale: string, bytes: number): string => {
  const step = byteSteps.find((one) => bytes >= one.bytes)
  // The languages' own word for a byte does not follow its number.
  if (step === undefined) return `${new Intl.NumberFormat(locale).format(bytes)} B`
  return byteUnit(locale, step.unit).format(bytes / step.bytes)
}

const dayOf = (date: Date): string => date.toDateString()

/** The time alone for today, with its day for any other. */
export const formatInstant = (locale: string, iso: string, now: Date = new Date()): string => {
  const date = new Date(iso)
  if (dayOf(date) === dayOf(now)) return instantFormat(locale, 'today').format(date)
  return instantFormat(locale, date.getFullYear() === now.getFullYear() ? 'this year' : 'ever').format(date)
}

const instantFormat = remember((locale, variant) => {
  const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', ...(variant === 'ever' ? { year: 'numeric' } : {}) }
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' }
  return new Intl.DateTimeFormat(locale, variant === 'today' ? { ...time, second: '2-digit' } : { ...day, ...time })
})

const fullFormat = remember((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }))

export const formatFullInstant = (locale: string, iso: string): string => fullFormat(locale, '').format(new Date(iso))
