/** Given by operators alone (./manage.sh admin): nobody can write their own metadata_public. */
export const ADMIN_ROLE = "admin";
