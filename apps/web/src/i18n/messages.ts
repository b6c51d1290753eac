import { en } from './en.ts'
import { es } from './es.ts'

/** The words of a language. Keys and arguments are checked against English, whose type stands for every language's. */
export const messagesFor = (language: 'en' | 'es'): typeof en => (language === 'es' ? (es as typeof en) : en)
