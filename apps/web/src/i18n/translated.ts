import type { en } from './en.ts'

/** The same keys as English, every one of them, with other words. */
export type Translated<Messages> = { readonly [Key in keyof Messages]: Messages[Key] extends string ? string : Translated<Messages[Key]> }

declare module 'use-intl' {
  interface AppConfig {
    Messages: typeof en
  }
}
