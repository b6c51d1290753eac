const steps = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
] as const

const formats = new Map<string, Intl.NumberFormat>()

const formatOf = (locale: string, unit: string): Intl.NumberFormat => {
  const key = `${locale} ${unit}`
  const known = formats.get(key)
  if (known !== undefined) return known
  const made = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' })
  formats.set(key, made)
  return made
}

/** A span in its largest whole unit, as short as the language has it: `42 sec`, `3 min`, `2 hr`, `5 days`. */
export const formatDuration = (locale: string, ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const step = steps.find((one) => seconds >= one.seconds)
  return step === undefined ? formatOf(locale, 'second').format(seconds) : formatOf(locale, step.unit).format(Math.floor(seconds / step.seconds))
}

const byteSteps = [
  { unit: 'gigabyte', bytes: 1_073_741_824 },
  { unit: 'megabyte', bytes: 1_048_576 },
  { unit: 'kilobyte', bytes: 1_024 },
] as const

export const formatBytes = (locale: string, bytes: number): string => {
  const step = byteSteps.find((one) => bytes >= one.bytes)
  if (step === undefined) return new Intl.NumberFormat(locale, { style: 'unit', unit: 'byte', unitDisplay: 'short' }).format(bytes)
  return new Intl.NumberFormat(locale, { style: 'unit', unit: step.unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(bytes / step.bytes)
}

const dayOf = (date: Date): string => date.toDateString()

/** The time alone for today, with its day for any other. */
export const formatInstant = (locale: string, iso: string, now: Date = new Date()): string => {
  const date = new Date(iso)
  const sameDay = dayOf(date) === dayOf(now)
  const day: Intl.DateTimeFormatOptions = sameDay ? {} : { day: 'numeric', month: 'short', ...(date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }) }
  return new Intl.DateTimeFormat(locale, { ...day, hour: '2-digit', minute: '2-digit', ...(sameDay ? { second: '2-digit' } : {}) }).format(date)
}

export const formatFullInstant = (locale: string, iso: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(new Date(iso))
