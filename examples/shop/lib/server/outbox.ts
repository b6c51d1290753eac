import { inProjectData, writeAtomically } from './project-data.ts'

/** Puts a mail where a mail program would fetch it: the latest one to each address, as a text file. */
export const sendMail = (mail: { to: string; subject: string; text: string }): Promise<void> =>
  writeAtomically(inProjectData('outbox', `${encodeURIComponent(mail.to)}.txt`), `To: ${mail.to}\nSubject: ${mail.subject}\n\n${mail.text}\n`)
