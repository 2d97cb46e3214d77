#include "operations/users/detail/account_errors.hpp"

namespace estante::users {

namespace {

std::unexpected<Error> invalid_token(std::string es, std::string en)
{
    auto error = failure(Errc::unauthenticated, std::move(es), std::move(en));
    error.error().title = "Token inválido";
    return error;
}

} // namespace

std::unexpected<Error> account_deleted()
{
    return invalid_token("La cuenta o la sesión de este token ya no existe. Inicie sesión otra vez.",
                         "The account or session of this token no longer exists. Log in again.");
}

std::unexpected<Error> invalid_refresh_token()
{
    return invalid_token("La sesión ha terminado. Inicie sesión otra vez.", "The session has ended. Log in again.");
}

std::unexpected<Error> email_in_use()
{
    return failure(Errc::already_exists,
                   "Ya hay una cuenta con ese correo en esta tienda. Inicie sesión o use otro correo.",
                   "An account with that e-mail already exists in this shop. Log in or use another e-mail.");
}

std::unexpected<Error> last_manager()
{
    return failure(Errc::conflict, "Es la última persona que gestiona la tienda. Nombre antes a otra.",
                   "This is the shop's last manager. Appoint another one first.");
}

} // namespace estante::users
