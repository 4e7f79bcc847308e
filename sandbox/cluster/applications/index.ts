export { databaseArguments, databaseUser, dataDirectory, prepareData, removeData } from "./postgres";
export { applicationPrograms, type ApplicationPrograms } from "./programs";
