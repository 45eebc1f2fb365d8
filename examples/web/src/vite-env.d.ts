interface ImportMetaEnv {
  /** The API's origin, when it isn't the one that serves this app. */
  readonly VITE_API_DOMAIN?: string;
}
