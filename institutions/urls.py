from django.urls import path

from institutions.views import entrance, people, regions, register

urlpatterns = [
    path("", entrance.home, name="home"),
    path("login/", entrance.LoginView.as_view(), name="login"),
    path("logout/", entrance.LogoutView.as_view(), name="logout"),
    path("password/", entrance.PasswordChangeView.as_view(), name="password_change"),
    path("register/", register.overview, name="register"),
    path("register/workbook/", register.workbook, name="register_workbook"),
    path("register/check/", register.check, name="register_check"),
    path("register/check/<str:token>/", register.checked, name="register_checked"),
    path("register/regions/", regions.changes, name="region_changes"),
    path("register/people/", people.listing, name="people"),
    path("register/people/<int:pk>/", people.person, name="person"),
    path("register/people/<int:pk>/password/", people.reset, name="person_reset"),
    path("register/people/<int:pk>/unlock/", people.unlock, name="person_unlock"),
    path("register/people/<int:pk>/close/", people.close, name="person_close"),
    path("register/people/<int:pk>/reopen/", people.reopen, name="person_reopen"),
]
