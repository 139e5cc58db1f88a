/** Where a node answers "Is my work here?" to people without an account, who can object there. */
export const INQUIRY_PATH = '/is-my-work-here';
